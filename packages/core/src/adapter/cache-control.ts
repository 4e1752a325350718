import type { ReadInfo } from '../read/query.js';
import type { CacheListener } from '../telemetry/events.js';
import type { CacheStats } from '../telemetry/stats.js';

/** The result of {@link CacheControl.explain}. */
export interface Explanation<Value> {
  readonly data: Value;
  /** How the first read was answered. */
  readonly info: ReadInfo;
  /** How each read was answered, in the order in which they ended. */
  readonly all: readonly ReadInfo[];
}

/** The `$cache` of the clients of every adapter. `Invalidation` is what `invalidate` takes. */
export interface CacheControl<Invalidation> {
  /**
   * Invalidates what a change past this library made wrong.
   *
   * @throws {@link InvalidOptionError} for a name that the schema lacks.
   * @throws {@link InvalidationLostError} if the log did not accept it in time; it stays queued and is delivered later.
   */
  invalidate(what: Invalidation): Promise<void>;
  /** Invalidates everything in the namespace. @throws {@link InvalidationLostError} as `invalidate` does. */
  clear(): Promise<void>;
  /** Runs `work`, and reports how each read in it was answered, and why. */
  explain<Value>(work: () => PromiseLike<Value> | Value): Promise<Explanation<Value>>;
  stats(): CacheStats;
  /** @returns A function that removes the listener. */
  on(listener: CacheListener): () => void;
  /** Resolves when no fill, refresh or delivery is under way. */
  idle(): Promise<void>;
  /** Delivers what is queued, and disconnects from Redis. The next query opens the cache again. */
  close(): Promise<void>;
}
