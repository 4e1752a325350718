import type { RawSql } from '../analysis/analyzer.js';
import { privateOf } from '../client/prisma-client.js';

/**
 * The SQL in the arguments of a raw operation; `undefined` if this Prisma gives it in another way than those we know.
 *
 * A template holds its text once for each way to number parameters: what counts is the one that is sent.
 *
 * `$queryRaw` and `$executeRaw` get an `Sql`, TypedSQL an object whose properties are getters, the `Unsafe` ones a list.
 */
export function rawSqlOf(args: unknown, provider: string | undefined): RawSql | undefined {
  if (Array.isArray(args)) {
    const [text, ...values] = args;
    return typeof text === 'string' ? { text, values } : undefined;
  }
  // PostgreSQL gets `$1`, MySQL and SQLite get `?`. TypedSQL has its one text in `sql`.
  const sent = provider === 'mysql' || provider === 'sqlite' ? undefined : privateOf(args, 'text');
  const text = sent ?? privateOf(args, 'sql');
  const values = privateOf(args, 'values');
  return typeof text === 'string' && Array.isArray(values) ? { text, values } : undefined;
}
