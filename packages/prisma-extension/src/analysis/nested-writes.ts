import {
  type Cascades,
  type ChangeList,
  factsWithout,
  joinFacts,
  type Model,
  type RelationField,
  type Schema,
} from '@cachetastic/core/sql';
import { argumentsOf, entriesOf, isArguments, listOf, NotAnalysableError } from './arguments.js';
import { keyFactsOfWhere } from './row-facts.js';
import { columnsChanged, literalFacts } from './written-values.js';

/** Where a write's changes go, and what is known of its schema. */
export interface WriteContext {
  readonly schema: Schema;
  readonly changes: ChangeList;
  readonly cascades: Cascades;
}

/** Whether the row that holds nested writes exists already, and so may have links that they replace. */
export type Parent = 'new' | 'existing';

/**
 * Records what the nested writes in `data` change, except for the row itself.
 *
 * @returns The fields of the row that `data` sets, foreign keys of relations among them.
 * @throws {@link NotAnalysableError} for anything in it that is unknown.
 */
export function recordNested(context: WriteContext, model: Model, data: unknown, parent: Parent): ReadonlySet<string> {
  const touched = new Set<string>();
  for (const [key, value] of entriesOf(data, `the data of ${model.name}`)) {
    const field = model.fields.get(key);
    if (field === undefined) throw new NotAnalysableError(`${model.name}.${key} is unknown`);
    if (field.kind === 'scalar') {
      touched.add(key);
      continue;
    }
    const target = context.schema.models.get(field.target);
    if (target === undefined) throw new NotAnalysableError(`model ${field.target} is not in the schema`);
    for (const [operation, input] of entriesOf(value, `${model.name}.${key}`)) {
      if (field.link === 'unknown') context.cascades.recordConnected(model);
      else nestedWrite({ context, model, field, target, parent }, operation, input);
      if (field.link === 'here' && operation !== 'update') {
        for (const name of field.foreignKey?.fields ?? []) touched.add(name);
      }
    }
  }
  return touched;
}

/** Records a row that is created with `data`, at any depth. */
export function recordCreated(context: WriteContext, model: Model, data: unknown): void {
  recordNested(context, model, data, 'new');
  context.cascades.record({ model, op: 'create', after: literalFacts(context.schema, model, 'create', data) });
}

/** Records the rows under `where` that get `data`. */
export function recordUpdated(context: WriteContext, model: Model, where: unknown, data: unknown): void {
  const touched = recordNested(context, model, data, 'existing');
  const before = keyFactsOfWhere(model, where);
  const after = joinFacts(
    literalFacts(context.schema, model, 'update', data),
    factsWithout(before, columnsChanged(context.schema, model, touched)),
  );
  context.cascades.record({ model, op: 'update', before, after, touched });
}

interface Nesting {
  readonly context: WriteContext;
  readonly model: Model;
  readonly field: RelationField;
  readonly target: Model;
  readonly parent: Parent;
}

function nestedWrite(nesting: Nesting, operation: string, input: unknown): void {
  const { context, target, field } = nesting;
  switch (operation) {
    case 'create':
      for (const data of listOf(input)) recordCreated(context, target, data);
      break;
    case 'createMany':
      for (const data of listOf(argumentsOf(input, 'createMany')['data'])) recordCreated(context, target, data);
      break;
    case 'connect':
      for (const where of listOf(input)) recordLinked(nesting, where);
      break;
    case 'connectOrCreate':
      for (const item of listOf(input)) {
        const { where, create } = argumentsOf(item, operation);
        recordLinked(nesting, where);
        recordCreated(context, target, create);
      }
      break;
    case 'disconnect':
      for (const where of listOf(input)) recordLinked(nesting, where);
      break;
    case 'set':
      recordLinked(nesting, undefined);
      break;
    case 'update':
      for (const item of listOf(input)) recordUpdate(nesting, item);
      break;
    case 'updateMany':
      for (const item of listOf(input)) {
        const { where, data } = argumentsOf(item, operation);
        recordUpdated(context, target, where, data);
      }
      break;
    case 'upsert':
      for (const item of listOf(input)) {
        const { where, update, create } = argumentsOf(item, operation);
        recordUpdated(context, target, where, update);
        recordCreated(context, target, create);
      }
      break;
    case 'delete':
    case 'deleteMany':
      for (const where of listOf(input)) {
        context.cascades.record({ model: target, op: 'delete', before: keyFactsOfWhere(target, where) });
      }
      break;
    default:
      throw new NotAnalysableError(`${nesting.model.name}.${field.name}.${operation} is unknown`);
  }
  if (field.link === 'table' && operation !== 'update' && operation !== 'updateMany') {
    context.cascades.recordLinks(field.joinTable);
  }
  if (field.isOneToOne) recordReplaced(nesting, operation);
}

/** Links are columns of the other model: its rows under `where` change. Otherwise the caller records them. */
function recordLinked({ context, field, target }: Nesting, where: unknown): void {
  if (field.link !== 'there') return;
  const touched = new Set(field.foreignKey?.fields);
  const before = keyFactsOfWhere(target, where);
  const after = factsWithout(before, columnsChanged(context.schema, target, touched));
  context.cascades.record({ model: target, op: 'update', before, after, touched });
}

const LINKING: ReadonlySet<string> = new Set(['connect', 'connectOrCreate', 'create']);

/** One-to-one: the row that was linked before loses its link, and the arguments do not name it. */
function recordReplaced({ context, model, field, target, parent }: Nesting, operation: string): void {
  if (!LINKING.has(operation)) return;
  const touched = new Set(field.foreignKey?.fields);
  if (field.link === 'here' && operation !== 'create') context.cascades.record({ model, op: 'update', touched });
  if (field.link === 'there' && parent === 'existing')
    context.cascades.record({ model: target, op: 'update', touched });
}

/** `update` of one row: `{ where, data }`, or the data itself where the relation leads to one row only. */
function recordUpdate({ context, field, target }: Nesting, item: unknown): void {
  const input = argumentsOf(item, 'update');
  const { where, data } = input;
  const wraps = isArguments(data) && entriesOf(input, 'update').every(([key]) => key === 'where' || key === 'data');
  if (!wraps) {
    if (field.isList) throw new NotAnalysableError(`${field.name}.update has no data`);
    recordUpdated(context, target, undefined, input);
    return;
  }
  // A JSON column called `data` looks the same from outside.
  const own = target.fields.get('data');
  if (!field.isList && own !== undefined) {
    if (own.kind === 'relation' || !entriesOf(data, 'data').every(([key]) => target.fields.has(key))) {
      recordUpdated(context, target, undefined, input);
      return;
    }
    context.cascades.record({ model: target, op: 'update', touched: new Set(['data', 'where']) });
  }
  recordUpdated(context, target, where, data);
}
