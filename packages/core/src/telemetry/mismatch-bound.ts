import type { CacheStats } from './stats.js';

/**
 * An upper bound, with 95 % confidence, for the share of hits (0 to 1) that differ from the database.
 *
 * 3 / n if none of n did (the rule of three); a little more than the exact Poisson bound if some did; 1 while n is small.
 *
 * @param observed - From `stats()`. Inconclusive comparisons do not count.
 */
export function mismatchBound({ verified, mismatched }: Omit<CacheStats['observer'], 'inconclusive'>): number {
  const most = mismatched + 1.645 * Math.sqrt(mismatched) + 3;
  return Math.min(1, most / Math.max(1, verified + mismatched));
}
