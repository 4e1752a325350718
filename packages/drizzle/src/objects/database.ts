import { UnsafeSetupError } from '@cachetastic/core';
import { at, isEntity, kindOf } from './entities.js';

/** SQL as Drizzle hands it to a session. */
export interface BuiltQuery {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** The kinds of the parameters, which some drivers need. */
  readonly typings?: readonly unknown[] | undefined;
}

/** What we use of a dialect, which writes Drizzle's SQL as a string. */
export interface DialectLike {
  sqlToQuery(sql: unknown, ...more: unknown[]): BuiltQuery;
  _sqlToQuery?(sql: unknown, ...more: unknown[]): BuiltQuery;
}

type Work = (transaction: DatabaseLike) => unknown;

/** What we use of a session. */
export interface SessionLike {
  dialect: DialectLike;
  prepareQuery(query: BuiltQuery, ...more: unknown[]): object;
  transaction(work: Work, config?: unknown): Promise<unknown>;
  batch?(queries: readonly unknown[]): Promise<readonly unknown[]>;
}

/** What we use of a Drizzle database, or of a transaction, which is a database as well. */
export interface DatabaseLike {
  session: SessionLike;
  dialect: DialectLike;
  _: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, object>>;
  transaction(work: Work, config?: unknown): Promise<unknown>;
}

/** The language of the database; `undefined` if it is not supported. */
export function providerOf(dialect: unknown): 'postgresql' | 'mysql' | 'sqlite' | undefined {
  const kind = kindOf(dialect) ?? '';
  if (kind === 'PgDialect') return 'postgresql';
  if (kind === 'MySqlDialect') return 'mysql';
  return kind.startsWith('SQLite') ? 'sqlite' : undefined;
}

/** The driver's client or pool, which databases that Drizzle makes from the same one share. */
export function clientOf(database: DatabaseLike): object {
  const client = at(database, '$client') ?? at(database, 'session', 'client');
  return (typeof client === 'object' || typeof client === 'function') && client !== null ? client : database;
}

/** @throws {@link UnsafeSetupError} unless `value` is a Drizzle database that can be wrapped. */
export function asDatabase(value: unknown): DatabaseLike {
  if (!isEntity(value) || typeof at(value, 'session', 'prepareQuery') !== 'function' || !isEntity(value['dialect'])) {
    throw new UnsafeSetupError(
      '`withCachetastic()` wraps what `drizzle(…)` returns: `withCachetastic(drizzle(client))`.',
    );
  }
  if (at(value, '$replicas') !== undefined)
    throw new UnsafeSetupError(
      'This database already uses replicas, which lag behind writes. Wrap the primary: `withReplicas(withCachetastic(primary), [replica])`.',
    );
  if (kindOf(value)?.startsWith('Effect')) {
    throw new UnsafeSetupError(
      'This database is one of those that Drizzle makes for Effect: its queries are effects, not promises, and `withCachetastic()` cannot wrap them. Wrap a database of another driver, for example `drizzle-orm/node-postgres`, and run its queries with `Effect.tryPromise()`, or query without a cache.',
    );
  }
  if (kindOf(value['session'])?.startsWith('Prisma')) {
    throw new UnsafeSetupError(
      'This database sends its queries through a Prisma client (`drizzle-orm/prisma`), past `withCachetastic()`, which would not see its writes. Wrap a database of a driver, for example `drizzle-orm/node-postgres`.',
    );
  }
  if (at(value, '$cache', 'explain') !== undefined)
    throw new UnsafeSetupError('This database has a cache already. Wrap it with `withCachetastic()` only once.');
  const own = at(value, 'session', 'cache') ?? at(value, 'session', 'options', 'cache');
  if (own !== undefined && kindOf(own) !== 'NoopCache') {
    throw new UnsafeSetupError(
      "This database has Drizzle's own cache, so every result would be cached twice, and one of the two would not be invalidated. Remove the option `cache` of `drizzle(…)`.",
    );
  }
  if (value['resultKind'] === 'sync' || at(value, 'session', 'resultKind') === 'sync') {
    throw new UnsafeSetupError(
      'This database answers synchronously, as `better-sqlite3` does. A shared cache cannot, and there is no round trip to save. Use an asynchronous driver, for example `@libsql/client`, or query without a cache.',
    );
  }
  if (providerOf(value['dialect']) === undefined) {
    throw new UnsafeSetupError(
      `\`withCachetastic()\` supports PostgreSQL, MySQL and SQLite, not ${kindOf(value['dialect']) ?? 'this dialect'}.`,
    );
  }
  return value as unknown as DatabaseLike;
}
