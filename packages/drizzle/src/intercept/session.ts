import type { DatabaseLike, DialectLike, SessionLike } from '../objects/database.js';
import { at } from '../objects/entities.js';
import { interceptBatch } from './batch.js';
import type { Context } from './interception.js';
import { interceptPrepared } from './prepared-query.js';
import type { TransactionScope } from './transaction-scope.js';
import { runTransaction } from './transactions.js';
import { applyWithCache } from './with-cache.js';

/** Makes the queries of one of Drizzle's transactions pass through the cache. */
export type InterceptTransaction = (transaction: DatabaseLike, scope: TransactionScope) => DatabaseLike;

/** `session`, all of whose queries pass through the cache. */
export function interceptSession(
  context: Context,
  session: SessionLike,
  dialect: DialectLike,
  interceptTransaction: InterceptTransaction,
): SessionLike {
  const { parts } = context;
  const derived = Object.create(session) as SessionLike;
  derived.dialect = dialect;
  derived.prepareQuery = (query, ...settings) => {
    const [ofQuery, others] = applyWithCache(context, settings);
    const token = parts.driver.tokenOf?.(session);
    return interceptPrepared(ofQuery, session.prepareQuery(query, ...others), query, others, token);
  };
  derived.transaction = async (work, config) => {
    await parts.catalogue.renew();
    return runTransaction(
      parts,
      (run: (transaction: DatabaseLike) => Promise<unknown>) =>
        parts.session.watch(() => session.transaction(run, config), parts.events),
      (transaction, scope) => work(interceptTransaction(transaction, scope)),
    );
  };
  for (const method of ['batch', 'migrate'] as const) {
    const send = at(session, method);
    if (typeof send !== 'function') continue;
    Reflect.set(derived, method, (queries: readonly unknown[], ...more: unknown[]) =>
      interceptBatch(context, queries, (prepared) => send.call(session, prepared, ...more)),
    );
  }
  return derived;
}
