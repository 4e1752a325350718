import type { Model } from '@cachetastic/core/sql';
import { entriesOf, isArguments, NotAnalysableError } from './arguments.js';
import type { ReadDependencies } from './read-dependencies.js';

const LOGIC: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT']);
const RELATION_FILTERS: ReadonlySet<string> = new Set(['some', 'every', 'none', 'is', 'isNot']);
const AGGREGATES: ReadonlySet<string> = new Set(['_count', '_sum', '_avg', '_min', '_max']);

/** Follows the relations that a `where` on `model` asks about. */
export function readWhere(into: ReadDependencies, model: Model, where: unknown): void {
  if (where === undefined) return;
  for (const [key, value] of entriesOf(where, `${model.name}.where`)) {
    const field = model.fields.get(key);
    if (field?.kind === 'relation') readRelationFilter(into, into.follow(field), key, value);
    else if (field === undefined && LOGIC.has(key)) {
      for (const part of Array.isArray(value) ? value : [value]) readWhere(into, model, part);
    } else if (field === undefined && !isCompoundKey(model, value)) {
      throw new NotAnalysableError(`${model.name}.where.${key} is unknown`);
    }
  }
}

function readRelationFilter(into: ReadDependencies, target: Model, name: string, filter: unknown): void {
  if (filter === null) return;
  const entries = entriesOf(filter, name);
  const filters = entries.filter(([key]) => RELATION_FILTERS.has(key));
  if (filters.length === 0) {
    readWhere(into, target, filter);
    return;
  }
  // A field that is called like a filter leaves two readings.
  if (filters.length < entries.length || filters.some(([key]) => target.fields.has(key))) {
    throw new NotAnalysableError(`the filter on ${name} is ambiguous`);
  }
  for (const [, value] of filters) if (value !== null) readWhere(into, target, value);
}

/** Follows the relations that an `orderBy` on `model` sorts by. */
export function readOrderBy(into: ReadDependencies, model: Model, orderBy: unknown): void {
  if (orderBy === undefined) return;
  for (const part of Array.isArray(orderBy) ? orderBy : [orderBy]) {
    for (const [key, value] of entriesOf(part, `${model.name}.orderBy`)) {
      const field = model.fields.get(key);
      // `{ _count: 'desc' }` sorts by how many there are; everything else names fields of the other model.
      if (field?.kind === 'relation') readOrderBy(into, into.follow(field), value);
      else if (field === undefined && key !== '_relevance' && !AGGREGATES.has(key)) {
        throw new NotAnalysableError(`${model.name}.orderBy.${key} is unknown`);
      }
    }
  }
}

/** Checks a `having`, `cursor`, `by` … of `model`: they may name its own columns only. */
export function readOwnColumns(model: Model, input: unknown, place: string): void {
  if (input === undefined) return;
  if (typeof input === 'boolean') return;
  if (typeof input === 'string') {
    if (model.fields.get(input)?.kind !== 'scalar') throw new NotAnalysableError(`${model.name}.${place} is unknown`);
    return;
  }
  if (Array.isArray(input)) {
    for (const part of input) readOwnColumns(model, part, place);
    return;
  }
  for (const [key, value] of entriesOf(input, place)) {
    const field = model.fields.get(key);
    if (field?.kind === 'scalar' || (field === undefined && (key === '_all' || AGGREGATES.has(key)))) continue;
    if (field === undefined && LOGIC.has(key)) readOwnColumns(model, value, place);
    else if (field !== undefined || !isCompoundKey(model, value)) {
      throw new NotAnalysableError(`${model.name}.${place}.${key} is unknown`);
    }
  }
}

/** `{ a_b: { a: 1, b: 2 } }`: an object that names own columns only cannot reach another model. */
function isCompoundKey(model: Model, value: unknown): boolean {
  if (!isArguments(value)) return false;
  const entries = entriesOf(value, 'key');
  return entries.length > 0 && entries.every(([key]) => model.fields.get(key)?.kind === 'scalar');
}
