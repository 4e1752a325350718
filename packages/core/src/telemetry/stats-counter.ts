import { allHits } from './stats.js';

/** What has happened so far, counted. Every field only grows. */
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

  /** Answered without a load of its own, over all reads that could have been: 0 to 1. */
  get hitRatio(): number {
    const answered = allHits(this.hits) + this.staleHits + this.coalesced;
    const asked = answered + this.misses;
    return asked === 0 ? 0 : answered / asked;
  }
}
