import { allHits } from './stats.js';

/** Counts what has happened. Every field only grows. */
export class StatsCounter {
  /** Fresh hits by tier. */
  readonly hits: { memory: number; [tier: string]: number } = { memory: 0 };
  staleHits = 0;
  misses = 0;
  coalesced = 0;
  bypasses = 0;
  loads = 0;
  loadFailures = 0;
  fills = 0;
  evictions = 0;
  invalidations = 0;
  tierFailures = 0;
  verified = 0;
  mismatched = 0;
  inconclusive = 0;

  /** The share of cacheable reads that needed no load of their own: 0 to 1. */
  get hitRatio(): number {
    const answered = allHits(this.hits) + this.staleHits + this.coalesced;
    return answered === 0 ? 0 : answered / (answered + this.misses);
  }
}
