import { privateOf } from '../client/prisma-client.js';

/** Raw SQL, whichever way it was given. */
export interface RawSql {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * The SQL in the arguments of a raw operation; `undefined` if this Prisma gives it in another way than those we know.
 *
 * `$queryRaw` and `$executeRaw` get an `Sql`, TypedSQL an object whose properties are getters, the `Unsafe` ones a list.
 */
export function rawSqlOf(args: unknown): RawSql | undefined {
  if (Array.isArray(args)) {
    const [text, ...values] = args;
    return typeof text === 'string' ? { text, values } : undefined;
  }
  const text = privateOf(args, 'text') ?? privateOf(args, 'sql');
  const values = privateOf(args, 'values');
  return typeof text === 'string' && Array.isArray(values) ? { text, values } : undefined;
}
