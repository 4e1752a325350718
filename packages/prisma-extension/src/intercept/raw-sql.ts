import type { RawSql } from '../analysis/analyzer.js';
import { privateOf } from '../client/prisma-client.js';

/**
 * The SQL in the arguments of a raw operation; `undefined` if this version of Prisma passes it in an unknown form.
 *
 * `$queryRaw` and `$executeRaw` get an `Sql`, TypedSQL an object whose properties are getters, the `Unsafe` ones a list. An
 * `Sql` has one string for each way to mark parameters: the one that Prisma sends counts.
 */
export function rawSqlOf(args: unknown, provider: string | undefined): RawSql | undefined {
  if (Array.isArray(args)) {
    const [text, ...values] = args;
    return typeof text === 'string' ? { text, values } : undefined;
  }
  // PostgreSQL gets `$1`, MySQL and SQLite get `?`. TypedSQL has its SQL in `sql`.
  const sent = provider === 'mysql' || provider === 'sqlite' ? undefined : privateOf(args, 'text');
  const text = sent ?? privateOf(args, 'sql');
  const values = privateOf(args, 'values');
  return typeof text === 'string' && Array.isArray(values) ? { text, values } : undefined;
}
