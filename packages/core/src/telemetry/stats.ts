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
  /** Served stale, whatever the reason. */
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
  /** Hits that the observer compared with the database. `inconclusive`: the comparison proves nothing. */
  readonly observer: { readonly verified: number; readonly mismatched: number; readonly inconclusive: number };
  /** Hits (stale ones and coalesced callers included) over all cacheable reads: 0 to 1. */
  readonly hitRatio: number;
  /** What the memory tier holds now. */
  readonly memory: { readonly entries: number; readonly bytes: number };
  /** Whether cached results may be served now, and the log position that decides it. */
  readonly log: { readonly confirmed: boolean; readonly epoch: string | undefined; readonly seq: number | undefined };
}
