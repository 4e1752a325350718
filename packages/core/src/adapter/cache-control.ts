import type { ReadInfo } from '../read/query.js';
import type { CacheListener } from '../telemetry/events.js';
import type { CacheStats } from '../telemetry/stats.js';

/** What {@link CacheControl.explain} found. */
export interface Explanation<Value> {
  readonly data: Value;
  /** How the first read was answered. */
  readonly info: ReadInfo;
  /** How each read was answered, in the order of the answers. */
  readonly all: readonly ReadInfo[];
}

/** What clients of every adapter have as `$cache`. `Invalidation` is what the adapter lets people name. */
export interface CacheControl<Invalidation> {
  /**
   * Invalidates by hand what a change outside the library made wrong.
   *
   * @throws {@link InvalidOptionError} for what the schema lacks.
   * @throws {@link InvalidationLostError} if the log did not take it in time; it is kept and delivered when it can be.
   */
  invalidate(what: Invalidation): Promise<void>;
  /** Invalidates everything in the namespace. @throws {@link InvalidationLostError} as `invalidate` does. */
  clear(): Promise<void>;
  /** Runs `work` and tells how each read in it was answered, and why. */
  explain<Value>(work: () => PromiseLike<Value> | Value): Promise<Explanation<Value>>;
  stats(): CacheStats;
  /** @returns A function that stops the listening. */
  on(listener: CacheListener): () => void;
  /** Resolves when no fill, refresh or delivery is under way. */
  idle(): Promise<void>;
  /** Delivers what is queued, and lets go of Redis. The next query opens the cache again. */
  close(): Promise<void>;
}
