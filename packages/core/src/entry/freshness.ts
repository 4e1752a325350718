import type { Entry } from './entry.js';
import type { Lifetime } from './lifetime.js';

/**
 * Where an entry stands in time. Whether it is *right* is the invalidation log's judgement, not this one.
 *
 * - `fresh`: serve it.
 * - `stale`: serve it and refresh behind (`swr`).
 * - `grace`: serve it only if the load fails.
 * - `expired`: of no use.
 */
export type Freshness = 'fresh' | 'stale' | 'grace' | 'expired';

/** How much later than now, in milliseconds, an entry may say that it was loaded: nodes know the log's time only about. */
const TOLERANCE = 250;

/** The times of an entry that decide about it, in milliseconds of the log's time. */
export type EntryTimes = Pick<Entry, 'createdAt' | 'staleAt' | 'refreshUntil' | 'expiresAt'>;

/**
 * Judges an entry at `now`, in the log's time, for a reader who wants answers of `lifetime`.
 *
 * Neither whoever filled it nor whoever reads it gets an answer older than they asked for.
 */
export function freshnessOf(entry: EntryTimes, { ttl, swr, grace }: Lifetime, now: number): Freshness {
  // The log's clock was set back since: nobody can tell how old it is.
  if (entry.createdAt > now + TOLERANCE) return 'expired';
  const wantedUntil = entry.createdAt + ttl;
  if (now < Math.min(entry.staleAt, wantedUntil)) return 'fresh';
  if (now < Math.min(entry.refreshUntil, wantedUntil + swr)) return 'stale';
  return now < Math.min(entry.expiresAt, wantedUntil + Math.max(swr, grace)) ? 'grace' : 'expired';
}
