import type { BuiltQuery, DatabaseLike, DialectLike, SessionLike } from '../drizzle/database.js';
import { at } from '../drizzle/entities.js';
import { interceptBatch } from './batch.js';
import type { Context } from './interception.js';
import { interceptPrepared } from './prepared-query.js';
import type { TransactionScope } from './transaction-scope.js';
import { runTransaction } from './transactions.js';
import { heedWithCache } from './with-cache.js';

/** Makes a transaction of Drizzle's into one whose queries pass through us. */
export type DeriveTransaction = (transaction: DatabaseLike, scope: TransactionScope) => DatabaseLike;

/** What builds queries of tables and views that their SQL then only names. */
const BUILDERS = ['buildSelectQuery', 'buildUpdateQuery', 'buildDeleteQuery'] as const;

/**
 * `dialect`, remembering what each query was made of.
 *
 * @param learn - Hears the tables and views that a query joins.
 */
export function deriveDialect(
  dialect: DialectLike,
  origins: WeakMap<BuiltQuery, unknown>,
  learn: (joined: unknown) => void,
): DialectLike {
  const derived = Object.create(dialect) as DialectLike;
  for (const method of BUILDERS) {
    const build = at(dialect, method);
    if (typeof build !== 'function') continue;
    Reflect.set(derived, method, function (this: DialectLike, config: unknown, ...more: unknown[]): unknown {
      const joins = at(config, 'joins');
      learn(at(config, 'table'));
      learn(at(config, 'from'));
      if (Array.isArray(joins)) for (const join of joins) learn(at(join, 'table'));
      return build.call(this, config, ...more);
    });
  }
  for (const method of ['sqlToQuery', '_sqlToQuery'] as const) {
    if (dialect[method] === undefined) continue;
    derived[method] = function (this: DialectLike, sql, ...more) {
      const built = (dialect[method] as DialectLike['sqlToQuery']).call(this, sql, ...more);
      origins.set(built, sql);
      return built;
    };
  }
  return derived;
}

/** `session`, all of whose queries pass through us. */
export function deriveSession(
  context: Context,
  session: SessionLike,
  dialect: DialectLike,
  origins: WeakMap<BuiltQuery, unknown>,
  deriveTransaction: DeriveTransaction,
): SessionLike {
  const { parts } = context;
  const derived = Object.create(session) as SessionLike;
  derived.dialect = dialect;
  derived.prepareQuery = (query, ...settings) => {
    if (!parts.texts.knows(query.sql)) parts.tables.learn(origins.get(query));
    const [asked, others] = heedWithCache(context, settings);
    return interceptPrepared(asked, session.prepareQuery(query, ...others), query, others);
  };
  derived.transaction = (work, config) =>
    runTransaction(
      parts.opening,
      (run: (transaction: DatabaseLike) => Promise<unknown>) => session.transaction(run, config),
      (transaction, scope) => work(deriveTransaction(transaction, scope)),
    );
  for (const method of ['batch', 'migrate'] as const) {
    const send = at(session, method);
    if (typeof send !== 'function') continue;
    Reflect.set(derived, method, (queries: readonly unknown[], ...more: unknown[]) =>
      interceptBatch(context, queries, (prepared) => send.call(session, prepared, ...more)),
    );
  }
  return derived;
}
