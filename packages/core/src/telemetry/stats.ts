/** Counts since the cache was made. */
export interface CacheStats {
  /** Answered from a tier, fresh. */
  readonly hits: { readonly l1: number; readonly l2: number };
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
