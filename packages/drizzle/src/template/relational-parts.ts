import * as drizzle from 'drizzle-orm';
import { at, type Entity, isEntity } from '../drizzle/entities.js';

const COLUMNS = Symbol.for('drizzle:Columns');

/** What 0.45 gives to the functions in a relational query. They write SQL as everybody's do: nobody sees ours. */
const OPERATORS: Readonly<Record<string, unknown>> = {
  where: callOf('getOperators'),
  orderBy: callOf('getOrderByOperators'),
  extras: { sql: drizzle.sql },
};

function callOf(name: string): unknown {
  const make = at(drizzle, name);
  return typeof make === 'function' ? (make() as unknown) : undefined;
}

/**
 * What a relational query of 0.45 is built of: what its caller gave, with the functions in it called as Drizzle calls
 * them.
 *
 * @param given - What the dialect is asked to build.
 * @returns `undefined` if one of the functions cannot be called.
 */
export function relationalParts(given: Entity): unknown {
  const { schema, tableConfig, queryConfig, tableAlias } = given;
  if (!isEntity(schema) || !isEntity(tableConfig)) return undefined;
  const config = called(schema, tableConfig, queryConfig);
  return config === undefined ? undefined : { tableAlias, config };
}

/** A query with what its functions returned, and the columns that it may be answered with. */
function called(schema: Entity, tableConfig: Entity, given: unknown): readonly unknown[] | undefined {
  const { columns } = tableConfig;
  if (!isEntity(given)) return [given, columns];
  const config: Record<string, unknown> = { ...given };
  for (const [name, operators] of Object.entries(OPERATORS)) {
    const part = config[name];
    if (typeof part !== 'function') continue;
    if (operators === undefined) return undefined;
    config[name] = part(columns, operators) as unknown;
  }
  const relations = config['with'];
  if (!isEntity(relations)) return [config, columns];
  const nested: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(relations)) {
    const theirs = at(tableConfig, 'relations', name, 'referencedTable', COLUMNS);
    const related = Object.values(schema).find((table) => at(table, 'columns') === theirs);
    if (theirs === undefined || !isEntity(related)) return undefined;
    const parts = called(schema, related, query);
    if (parts === undefined) return undefined;
    nested[name] = parts;
  }
  config['with'] = nested;
  return [config, columns];
}
