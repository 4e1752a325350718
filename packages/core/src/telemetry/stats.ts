/** Fresh hits by tier: `memory`, and the shared tier by its own name, such as `redis`. */
export interface TierHits {
  readonly memory: number;
  readonly [tier: string]: number;
}

/** The sum over all tiers. */
export function allHits(hits: TierHits): number {
  return Object.values(hits).reduce((sum, count) => sum + count, 0);
}

/** Counts since the cache was made. */
export interface CacheStats {
  /** Answered from a tier, fresh. */
  readonly hits: TierHits;
  /** Served stale, behind a refresh or because the load failed. */
  readonly staleHits: number;
  readonly misses: number;
  readonly coalesced: number;
  readonly bypasses: number;
  /** Loads of the origin, refreshes included. */
  readonly loads: number;
  readonly loadFailures: number;
  readonly fills: number;
  readonly evictions: number;
  /** Records appended to the log by this process. */
  readonly invalidations: number;
  /** Changes waiting for the log. */
  readonly queued: number;
  readonly tierFailures: number;
  readonly logResets: number;
  /** Hits that the observer asked the database about again, by what came of it. `inconclusive`: nothing can be said. */
  readonly observer: { readonly verified: number; readonly mismatched: number; readonly inconclusive: number };
  /** Hits (stale ones and coalesced callers included) over all cacheable reads: 0 to 1. */
  readonly hitRatio: number;
  /** In the memory tier now. */
  readonly memory: { readonly entries: number; readonly bytes: number };
  /** Whether cached answers may be served at all now, and by which log position. */
  readonly log: { readonly confirmed: boolean; readonly epoch: string | undefined; readonly seq: number | undefined };
}
