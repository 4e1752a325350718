import { allHits, type CacheStats, type TierHits } from '../telemetry/stats.js';

/** The stats of a cache that was not opened yet. */
export const NO_STATS: CacheStats = {
  hits: { memory: 0 },
  staleHits: 0,
  misses: 0,
  coalesced: 0,
  bypasses: 0,
  loads: 0,
  loadFailures: 0,
  fills: 0,
  evictions: 0,
  invalidations: 0,
  queued: 0,
  tierFailures: 0,
  logResets: 0,
  observer: { verified: 0, mismatched: 0, inconclusive: 0 },
  hitRatio: 0,
  memory: { entries: 0, bytes: 0 },
  log: { confirmed: false, epoch: undefined, seq: undefined },
};

/** What stays of `stats` when a cache is closed: the counts. */
export function closedStats(stats: CacheStats): CacheStats {
  return { ...stats, queued: 0, memory: NO_STATS.memory, log: NO_STATS.log };
}

/** The counts of a cache that was closed and of the one that came after it, together. */
export function addedStats(before: CacheStats, now: CacheStats): CacheStats {
  const hits = addedHits(before.hits, now.hits);
  const staleHits = before.staleHits + now.staleHits;
  const misses = before.misses + now.misses;
  const coalesced = before.coalesced + now.coalesced;
  const answered = allHits(hits) + staleHits + coalesced;
  return {
    ...now,
    hits,
    staleHits,
    misses,
    coalesced,
    hitRatio: answered === 0 ? 0 : answered / (answered + misses),
    bypasses: before.bypasses + now.bypasses,
    loads: before.loads + now.loads,
    loadFailures: before.loadFailures + now.loadFailures,
    fills: before.fills + now.fills,
    evictions: before.evictions + now.evictions,
    invalidations: before.invalidations + now.invalidations,
    tierFailures: before.tierFailures + now.tierFailures,
    logResets: before.logResets + now.logResets,
    observer: {
      verified: before.observer.verified + now.observer.verified,
      mismatched: before.observer.mismatched + now.observer.mismatched,
      inconclusive: before.observer.inconclusive + now.observer.inconclusive,
    },
  };
}

function addedHits(before: TierHits, now: TierHits): TierHits {
  const sums: { memory: number; [tier: string]: number } = { ...before };
  for (const [tier, count] of Object.entries(now)) sums[tier] = (sums[tier] ?? 0) + count;
  return sums;
}
