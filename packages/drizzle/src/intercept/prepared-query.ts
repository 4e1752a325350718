import { UnsafeSetupError } from '@cachetastic/core';
import { onlyReads } from '@cachetastic/core/sql';
import type { BuiltQuery } from '../objects/database.js';
import type { Intercept } from './generation.js';
import { GENERATIONS } from './generations.js';
import { type Context, type Interception, parsedOf } from './interception.js';
import { interceptRead } from './read.js';
import { interceptWrite } from './write.js';
import { mayEndTransaction } from './write-outcome.js';

/**
 * Makes `prepared` pass through the cache each time that it runs its driver.
 *
 * @param token - What the session sends with each of its queries, by which the database decides what they see.
 * @throws {@link UnsafeSetupError} for a query of a form that no known generation of Drizzle has.
 */
export function interceptPrepared<Prepared extends object>(
  context: Context,
  prepared: Prepared,
  query: BuiltQuery,
  settings: readonly unknown[],
  token: unknown,
): Prepared {
  const { sql } = query;
  const { driver, session, events } = context.parts;
  const intercept: Intercept = ({ params, form, expected, token: own = token, projection, run }) => {
    const result = interceptQuery({
      context,
      sql,
      parsed: parsedOf(context, sql),
      params,
      form,
      expected,
      token: own,
      projection,
      run: () => session.watch(run, events),
    });
    heedFailure(context, result);
    return result;
  };
  if (
    GENERATIONS.some((generation) => generation.interceptPrepared({ prepared, query, settings, driver }, intercept))
  ) {
    return prepared;
  }
  // Passed on, its writes would invalidate nothing, and nothing would say so.
  throw new UnsafeSetupError(
    'The queries of this version or driver of Drizzle have a form that `withCachetastic()` does not know, so it would not see their writes. Use a version and a driver of Drizzle that Cachetastic supports, or query without a cache.',
  );
}

/** A failed read may end a transaction as well. */
function heedFailure({ parts, transaction }: Context, result: Promise<unknown>): void {
  if (parts.provider !== 'mysql' || transaction === undefined) return;
  result.catch((error: unknown) => {
    if (mayEndTransaction(parts, error)) transaction.doubt();
  });
}

function interceptQuery(interception: Interception): Promise<unknown> {
  const { context, sql, parsed, params } = interception;
  const { catalogue, events, lazyCache, session, parsedSql } = context.parts;
  session.note(parsed.session, params, events);
  if (context.transaction !== undefined || !catalogue.mayDecide(parsed)) return decide(interception);
  return lazyCache.open().then(() => decide({ ...interception, parsed: parsedSql.parse(sql) }));
}

function decide(interception: Interception): Promise<unknown> {
  const { context, parsed } = interception;
  const { catalogue } = context.parts;
  // A locking read is no write: it is passed on with its reason.
  if (onlyReads(parsed)) {
    // In a transaction the question would run on its connection, and could abort it.
    if (context.transaction === undefined) catalogue.heedCalls(parsed);
    return interceptRead(interception);
  }
  return catalogue.around(parsed, context.transaction?.ended, () => interceptWrite(interception));
}
