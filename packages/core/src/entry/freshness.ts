import type { Entry } from './entry.js';
import type { Lifetime } from './lifetime.js';

/**
 * Where an entry stands in time. Whether it is *valid* is decided by the invalidation log.
 *
 * - `fresh`: serve it.
 * - `stale`: serve it and refresh it in the background (`swr`).
 * - `grace`: serve it only if the load fails.
 * - `expired`: do not serve it.
 */
export type Freshness = 'fresh' | 'stale' | 'grace' | 'expired';

/** How far in the future, in milliseconds, an entry may be dated: each node only estimates the log's time. */
const TOLERANCE = 250;

/** The times of an entry that decide about it, in milliseconds of the log's time. */
export type EntryTimes = Pick<Entry, 'createdAt' | 'staleAt' | 'refreshUntil' | 'expiresAt'>;

/**
 * Judges an entry at `now`, in the log's time, for a reader that wants `lifetime`.
 *
 * An entry is served no longer than both its writer and its reader allow.
 */
export function freshnessOf(entry: EntryTimes, { ttl, swr, grace }: Lifetime, now: number): Freshness {
  // The log's clock was set back since, so the age of the entry is unknown.
  if (entry.createdAt > now + TOLERANCE) return 'expired';
  const wantedUntil = entry.createdAt + ttl;
  if (now < Math.min(entry.staleAt, wantedUntil)) return 'fresh';
  if (now < Math.min(entry.refreshUntil, wantedUntil + swr)) return 'stale';
  return now < Math.min(entry.expiresAt, wantedUntil + Math.max(swr, grace)) ? 'grace' : 'expired';
}
