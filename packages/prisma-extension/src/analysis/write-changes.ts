import type { Facts } from '@cachetastic/core';
import {
  Cascades,
  ChangeList,
  type Declarations,
  factsWithout,
  joinFacts,
  keyColumns,
  MOST_CHANGES,
  type Model,
  type Schema,
  type WriteAnalysis,
} from '@cachetastic/core/sql';
import { type Arguments, argumentsOf, entriesOf, isArguments, listOf, NotAnalysableError } from './arguments.js';
import { recordCreated, recordNested, recordUpdated, type WriteContext } from './nested-writes.js';
import { keyFactsOfWhere, uniqueFactsOfRow } from './row-facts.js';
import { columnsChanged, literalFacts, returnedKeyFacts, untouchedKeyFacts } from './written-values.js';

/** What a write may have done, its nested writes, cascades and triggers included. */
export function writeChanges(
  schema: Schema,
  declarations: Declarations,
  modelName: string,
  operation: string,
  args: unknown,
  result: unknown,
): WriteAnalysis {
  const changes = new ChangeList();
  const context: WriteContext = { schema, changes, cascades: new Cascades(schema, declarations, changes) };
  try {
    record(context, modelName, operation, args, result);
  } catch (error) {
    if (!(error instanceof NotAnalysableError)) throw error;
    changes.wholeSchema(schema, `not-analysable: ${error.message}`);
  }
  return changes.toAnalysis();
}

function record(context: WriteContext, modelName: string, operation: string, args: unknown, result: unknown): void {
  const model = context.schema.models.get(modelName);
  if (model === undefined) throw new NotAnalysableError(`model ${modelName} is not in the schema`);
  if (context.schema.provider === 'mongodb') throw new NotAnalysableError('MongoDB is not supported');
  const input = args === undefined || args === null ? {} : argumentsOf(args, `the arguments of ${operation}`);
  switch (operation) {
    case 'create':
      recordCreate(context, model, input['data'], result);
      break;
    case 'createMany':
      recordCreateMany(context, model, input['data'], undefined);
      break;
    case 'createManyAndReturn':
      recordCreateMany(context, model, input['data'], result);
      break;
    case 'update':
      recordUpdate(context, model, input, result);
      break;
    case 'updateMany':
      recordUpdated(context, model, input['where'], input['data']);
      break;
    case 'updateManyAndReturn':
      recordUpdateMany(context, model, input, result);
      break;
    case 'upsert':
      recordUpsert(context, model, input, result);
      break;
    case 'delete':
      recordDelete(context, model, input, result);
      break;
    case 'deleteMany':
      context.cascades.record({ model, op: 'delete', before: keyFactsOfWhere(model, input['where']) });
      break;
    default:
      throw new NotAnalysableError(`the operation ${operation} is unknown`);
  }
}

/** A nested write may have changed the row again after it was written: then its returned form proves nothing. */
function trusted(context: WriteContext, model: Model, row: unknown): unknown {
  return context.changes.mentions(model) ? undefined : row;
}

/**
 * The returned `row`, if it is certainly the one that was written.
 *
 * Where a statement cannot return what it wrote, Prisma selects the row by itself: without its primary key another
 * transaction may have put another row there meanwhile.
 */
function certainRow(schema: Schema, model: Model, where: unknown, row: unknown): unknown {
  return RETURNING.has(schema.provider ?? '') || namesKey(model, where) ? row : undefined;
}

const RETURNING: ReadonlySet<string> = new Set(['postgres', 'postgresql', 'cockroachdb', 'sqlite']);

function namesKey(model: Model, where: unknown): boolean {
  const columns = keyColumns(model);
  return columns.length > 0 && Object.keys(keyFactsOfWhere(model, where) ?? {}).length === columns.length;
}

function recordDelete(context: WriteContext, model: Model, args: Arguments, result: unknown): void {
  const where = args['where'];
  // With relations in the answer the row is selected before it is deleted, everywhere.
  const row =
    selectsRelations(model, args) && !namesKey(model, where)
      ? undefined
      : certainRow(context.schema, model, where, result);
  const before = joinFacts(keyFactsOfWhere(model, where), returnedKeyFacts(model, row));
  context.cascades.record({ model, op: 'delete', before });
}

function selectsRelations(model: Model, { include, select }: Arguments): boolean {
  return [include, select].some(
    (selection) =>
      isArguments(selection) &&
      entriesOf(selection, 'select').some(([key]) => model.fields.get(key)?.kind !== 'scalar'),
  );
}

function recordCreate(context: WriteContext, model: Model, data: unknown, result: unknown): void {
  if (data !== undefined) recordNested(context, model, data, 'new');
  const row = trusted(context, model, result);
  const after = joinFacts(uniqueFactsOfRow(model, row), literalFacts(context.schema, model, 'create', data));
  context.cascades.record({ model, op: 'create', after });
}

function recordCreateMany(context: WriteContext, model: Model, data: unknown, result: unknown): void {
  const rows = listOf(data);
  for (const row of rows) recordNested(context, model, row, 'new');
  if (Array.isArray(result) && result.length === rows.length && rows.length <= MOST_CHANGES) {
    for (const row of result) context.cascades.record({ model, op: 'create', after: uniqueFactsOfRow(model, row) });
  } else if (rows.length <= MOST_CHANGES) {
    for (const row of rows) recordCreated(context, model, row);
  } else context.cascades.record({ model, op: 'create' });
}

function recordUpdate(context: WriteContext, model: Model, { where, data }: Arguments, result: unknown): void {
  const touched = recordNested(context, model, data ?? {}, 'existing');
  const row = trusted(context, model, certainRow(context.schema, model, where, result));
  recordUpdatedRow(context, model, { where, data, touched, row });
}

function recordUpdateMany(context: WriteContext, model: Model, { where, data }: Arguments, result: unknown): void {
  if (!Array.isArray(result) || result.length === 0 || result.length > MOST_CHANGES) {
    recordUpdated(context, model, where, data);
    return;
  }
  const touched = recordNested(context, model, data ?? {}, 'existing');
  for (const row of result) recordUpdatedRow(context, model, { where, data, touched, row });
}

interface UpdatedRow {
  readonly where: unknown;
  readonly data: unknown;
  readonly touched: ReadonlySet<string>;
  /** As it was returned. */
  readonly row: unknown;
}

function recordUpdatedRow(context: WriteContext, model: Model, { where, data, touched, row }: UpdatedRow): void {
  if (touched.size === 0 && !keepsTime(model)) return;
  const key = keyFactsOfWhere(model, where);
  const before = joinFacts(key, untouchedKeyFacts(context.schema, model, row, touched));
  context.cascades.record({
    model,
    op: 'update',
    before,
    after: afterUpdate(context, model, key, data, touched, row),
    touched,
  });
}

/** Whether an update that sets no column may still change one. Without, Prisma only looks the row up for its nested writes. */
function keepsTime(model: Model): boolean {
  return [...model.fields.values()].some((field) => field.kind === 'scalar' && field.derived);
}

function recordUpsert(
  context: WriteContext,
  model: Model,
  { where, create, update }: Arguments,
  result: unknown,
): void {
  const touched = recordNested(context, model, update ?? {}, 'existing');
  recordNested(context, model, create ?? {}, 'new');
  const row = trusted(context, model, certainRow(context.schema, model, where, result));
  // Which of the two it did is unknown: both count.
  recordUpdatedRow(context, model, { where, data: update, touched, row });
  context.cascades.record({
    model,
    op: 'create',
    after: joinFacts(uniqueFactsOfRow(model, row), literalFacts(context.schema, model, 'create', create)),
  });
}

function afterUpdate(
  context: WriteContext,
  model: Model,
  key: Facts | undefined,
  data: unknown,
  touched: ReadonlySet<string>,
  row: unknown,
): Facts | undefined {
  const implied = joinFacts(
    literalFacts(context.schema, model, 'update', data),
    factsWithout(key, columnsChanged(context.schema, model, touched)),
  );
  return joinFacts(uniqueFactsOfRow(model, row), implied);
}
