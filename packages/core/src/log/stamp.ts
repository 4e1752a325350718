/**
 * A position of the invalidation log: the one known to a loader before its load began.
 *
 * Positions of different epochs cannot be compared: a new epoch distrusts everything before it.
 */
export interface Stamp {
  /** Names one unbroken life of the log. A restart, a fail-over, a flush or an eviction starts another. */
  readonly epoch: string;
  /** The sequence number of the last record. Gap-free within an epoch; 0 before the first. */
  readonly seq: number;
  /**
   * Counts, in this process only, how often messages about the log turned out to be wrong. Stamps with another count may
   * rest on such a message. Absent: never, or not a stamp of this process.
   */
  readonly doubts?: number | undefined;
}
