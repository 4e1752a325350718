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

/** `values` as a part of a key: objects are JSON to the database, which may tell the order of their keys. */
export function keyOfValues(values: readonly unknown[]): unknown {
  return values.map(inOrder);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return { json: Object.entries(value).map(([key, inner]) => [key, inOrder(inner)]) };
}
