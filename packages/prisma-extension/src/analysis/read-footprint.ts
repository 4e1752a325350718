import type { Dependency, Footprint } from '@cachetastic/core';
import type { Declarations, ReadAnalysis, Schema } from '@cachetastic/core/sql';
import { argumentsOf, entriesOf, NotAnalysableError } from './arguments.js';
import { ReadDependencies } from './read-dependencies.js';
import { readOrderBy, readOwnColumns, readWhere } from './read-filters.js';
import { readFind } from './read-selection.js';
import { keyFactsOf, uniqueFactsOf } from './row-facts.js';

const FINDS: ReadonlySet<string> = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
]);
const AGGREGATIONS: ReadonlySet<string> = new Set(['count', 'aggregate', 'groupBy']);
const BY_UNIQUE_KEY: ReadonlySet<string> = new Set(['findUnique', 'findUniqueOrThrow']);

/** What a read depends on: every model that its arguments reach, and the row where a unique key names it. */
export function readFootprint(
  schema: Schema,
  declarations: Declarations,
  model: string,
  operation: string,
  args: unknown,
): ReadAnalysis {
  try {
    return analyse(schema, declarations, model, operation, args);
  } catch (error) {
    if (!(error instanceof NotAnalysableError)) throw error;
    return { cacheable: false, reason: `not-analysable: ${error.message}` };
  }
}

function analyse(
  schema: Schema,
  declarations: Declarations,
  modelName: string,
  operation: string,
  args: unknown,
): ReadAnalysis {
  if (schema.provider === 'mongodb') throw new NotAnalysableError('MongoDB is not supported');
  const reached = new ReadDependencies(schema, declarations);
  const root = reached.find(modelName);

  if (FINDS.has(operation)) readFind(reached, root, args);
  else if (AGGREGATIONS.has(operation)) readAggregation(reached, modelName, operation, args);
  else throw new NotAnalysableError(`the operation ${operation} is unknown`);

  const byKey = BY_UNIQUE_KEY.has(operation) && !root.isView;
  if (byKey) reached.reachReads(root);
  // Reached through a relation as well, other rows of the model matter too: no row can be singled out.
  if (!byKey || reached.has(root)) {
    reached.reach(modelName);
    return { cacheable: true, footprint: { dependencies: reached.list(), tags: [] } };
  }
  const others = reached.list();
  const where = uniqueFactsOf(root, argumentsOf(args, 'the arguments')['where']);
  const row: Dependency = where === undefined ? { model: root.table } : { model: root.table, where };
  const footprintWith = (own: Dependency): Footprint => ({ dependencies: [own, ...others], tags: [] });
  return {
    cacheable: true,
    footprint: footprintWith(row),
    narrow: (value) => {
      if (value === null) return footprintWith({ ...row, keys: [] });
      const key = keyFactsOf(root, value);
      return footprintWith(key === undefined ? row : { ...row, keys: [key] });
    },
  };
}

const OWN_COLUMNS: ReadonlySet<string> = new Set([
  'cursor',
  'by',
  'having',
  'distinct',
  '_count',
  '_sum',
  '_avg',
  '_min',
  '_max',
]);

function readAggregation(into: ReadDependencies, modelName: string, operation: string, args: unknown): void {
  const model = into.reach(modelName);
  if (args === undefined || args === null) return;
  for (const [key, value] of entriesOf(args, `the arguments of ${operation}`)) {
    if (key === 'where') readWhere(into, model, value);
    else if (key === 'orderBy') readOrderBy(into, model, value);
    else if (key === 'select' || OWN_COLUMNS.has(key)) readOwnColumns(model, value, key);
    else if (key !== 'take' && key !== 'skip') throw new NotAnalysableError(`the argument ${key} is unknown`);
  }
}
