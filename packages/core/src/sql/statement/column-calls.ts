import type { KnownFunctions } from '../../catalogue/known-functions.js';
import type { SqlMutation } from './mutation.js';
import type { SqlColumn, SqlRelations } from './relations.js';
import type { SqlTarget } from './statement.js';

/** What a statement says of the tables that its columns may belong to. */
interface Columns {
  readonly from: SqlRelations;
  readonly targets: readonly SqlTarget[];
  readonly mutation: SqlMutation | undefined;
}

/**
 * The function that a statement calls by writing it like a column, if it calls one that may write: on PostgreSQL
 * `users.bump` is `bump(users)` where the table has no such column.
 */
export function calledLikeColumn(columns: Columns, functions: KnownFunctions): string | undefined {
  const called = columns.from.columns.find((column) => {
    const owners = ownersOf(columns, column);
    return owners !== undefined && functions.isCalledByColumn(column.column, owners);
  });
  return called?.column;
}

/** The tables that `column` may be read of; `undefined` for what is no row of a table. Empty: it cannot be determined. */
function ownersOf({ from, targets, mutation }: Columns, { qualifier }: SqlColumn): readonly string[] | undefined {
  if (qualifier === undefined) return [];
  if (from.derived.has(qualifier)) return undefined;
  const relations = from.relations.filter(({ alias }) => alias === qualifier);
  if (relations.some(({ expression }) => expression)) return undefined;
  if (relations.length > 0) return relations.map(({ name }) => name);
  if (/^(excluded|new|old)$/.test(qualifier)) return targets.map(({ name }) => name);
  if (mutation !== undefined && (mutation.alias === qualifier || mutation.table === qualifier)) return [mutation.table];
  return targets.filter(({ name }) => name === qualifier).map(({ name }) => name);
}
