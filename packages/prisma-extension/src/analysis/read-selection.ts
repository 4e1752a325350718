import { type Model, relationsOf } from '@cachetastic/core/sql';
import { entriesOf, isArguments, NotAnalysableError } from './arguments.js';
import type { ReadDependencies } from './read-dependencies.js';
import { readOrderBy, readOwnColumns, readWhere } from './read-filters.js';

/** Follows everything that the arguments of a find on `model` reach. Includes have the same arguments, at any depth. */
export function readFind(into: ReadDependencies, model: Model, args: unknown): void {
  if (args === undefined || args === null) return;
  for (const [key, value] of entriesOf(args, `the arguments of ${model.name}`)) {
    switch (key) {
      case 'where':
        readWhere(into, model, value);
        break;
      case 'select':
      case 'include':
        readSelection(into, model, value);
        break;
      case 'orderBy':
        readOrderBy(into, model, value);
        break;
      case 'cursor':
      case 'distinct':
        readOwnColumns(model, value, key);
        break;
      case 'omit':
      case 'take':
      case 'skip':
      case 'relationLoadStrategy':
        break;
      default:
        throw new NotAnalysableError(`the argument ${key} is unknown`);
    }
  }
}

function readSelection(into: ReadDependencies, model: Model, selection: unknown): void {
  if (selection === null) return;
  for (const [key, value] of entriesOf(selection, `the selection of ${model.name}`)) {
    if (value === false) continue;
    const field = model.fields.get(key);
    if (field?.kind === 'relation') readRelation(into, into.follow(field), value);
    else if (field === undefined && key === '_count') readCounts(into, model, value);
    // A computed field of a result extension needs columns of its own model only.
    else if (field === undefined && value !== true)
      throw new NotAnalysableError(`${model.name}.select.${key} is unknown`);
  }
}

function readRelation(into: ReadDependencies, target: Model, args: unknown): void {
  if (args !== true) readFind(into, target, args);
}

function readCounts(into: ReadDependencies, model: Model, counts: unknown): void {
  if (counts === true) {
    for (const relation of relationsOf(model)) if (relation.isList) into.follow(relation);
    return;
  }
  for (const [key, selected] of entriesOf(counts, `${model.name}._count`)) {
    if (key !== 'select') throw new NotAnalysableError(`${model.name}._count.${key} is unknown`);
    for (const [name, value] of entriesOf(selected, `${model.name}._count.select`)) {
      const field = model.fields.get(name);
      if (field?.kind !== 'relation') throw new NotAnalysableError(`${model.name}._count.select.${name} is unknown`);
      if (value === false) continue;
      const target = into.follow(field);
      if (isArguments(value)) readFind(into, target, value);
    }
  }
}
