import { UnsafeSetupError } from '@cachetastic/core';
import { at, isEntity, kindOf } from './entities.js';

/** SQL as Drizzle hands it to a session. */
export interface BuiltQuery {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** What kinds of parameters some drivers are told that they get. */
  readonly typings?: readonly unknown[] | undefined;
}

/** What we use of a dialect: it turns Drizzle's SQL into text. */
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

/** What we use of a Drizzle database, or of a transaction, which is one too. */
export interface DatabaseLike {
  session: SessionLike;
  dialect: DialectLike;
  _: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, object>>;
  transaction(work: Work, config?: unknown): Promise<unknown>;
}

/** The language of the database: `postgresql`, `mysql` or `sqlite`; `undefined` for one that we do not know. */
export function providerOf(dialect: unknown): 'postgresql' | 'mysql' | 'sqlite' | undefined {
  const kind = kindOf(dialect) ?? '';
  if (kind === 'PgDialect') return 'postgresql';
  if (kind === 'MySqlDialect') return 'mysql';
  return kind.startsWith('SQLite') ? 'sqlite' : undefined;
}

/** What the database is reached through: the driver's client or pool. Databases that Drizzle makes of the same one have it in common. */
export function clientOf(database: DatabaseLike): object {
  const client = at(database, '$client') ?? at(database, 'session', 'client');
  return (typeof client === 'object' || typeof client === 'function') && client !== null ? client : database;
}

/** @throws {@link UnsafeSetupError} unless `given` is a Drizzle database that can be wrapped. */
export function asDatabase(given: unknown): DatabaseLike {
  if (!isEntity(given) || typeof at(given, 'session', 'prepareQuery') !== 'function' || !isEntity(given['dialect'])) {
    throw new UnsafeSetupError(
      '`withCachetastic()` wraps what `drizzle(…)` returns: `withCachetastic(drizzle(client))`.',
    );
  }
  if (at(given, '$replicas') !== undefined)
    throw new UnsafeSetupError(
      'This database has replicas already, which are behind what was written: `withReplicas(withCachetastic(primary), [replica])` caches what the primary answers.',
    );
  if (kindOf(given)?.startsWith('Effect')) {
    throw new UnsafeSetupError(
      'This database is one of those that Drizzle makes for Effect: its queries are effects, not promises, and `withCachetastic()` cannot wrap them. Wrap a database of another driver, `drizzle-orm/node-postgres` for example, and run its queries with `Effect.tryPromise()`; or query without a cache.',
    );
  }
  if (at(given, '$cache', 'explain') !== undefined)
    throw new UnsafeSetupError('This database has a cache already: wrap it with `withCachetastic()` once.');
  const own = at(given, 'session', 'cache') ?? at(given, 'session', 'options', 'cache');
  if (own !== undefined && kindOf(own) !== 'NoopCache') {
    throw new UnsafeSetupError(
      "This database has Drizzle's own cache: leave `cache` out of `drizzle(…)`, or every answer is cached twice and one of the two is not invalidated.",
    );
  }
  if (given['resultKind'] === 'sync' || at(given, 'session', 'resultKind') === 'sync') {
    throw new UnsafeSetupError(
      'This database answers synchronously, as `better-sqlite3` does: a cache that other processes share cannot, and there is no round trip to save. Use an asynchronous driver, `@libsql/client` for example, or query without a cache.',
    );
  }
  if (providerOf(given['dialect']) === undefined) {
    throw new UnsafeSetupError(
      `\`withCachetastic()\` knows PostgreSQL, MySQL and SQLite, and not what ${kindOf(given['dialect']) ?? 'this dialect'} writes.`,
    );
  }
  return given as unknown as DatabaseLike;
}
