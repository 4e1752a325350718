import type { Duration } from '../duration.js';
import type { Consistency } from '../read/query.js';

/** How one read may use the cache. What is absent comes from the model's options, then from the adapter's. */
export interface ReadCacheOptions {
  /** How long the result stays fresh: seconds, or a string with a unit such as `'5m'`. Greater than 0. */
  readonly ttl?: Duration | undefined;
  /** How long after that it is served stale while it is refreshed in the background. 0: never. */
  readonly swr?: Duration | undefined;
  /** How long after `ttl` it may be served if the database fails. 0: never. */
  readonly grace?: Duration | undefined;
  /** Labels to invalidate the result by. */
  readonly tags?: readonly string[] | undefined;
  /** The tenant or user that the result belongs to. No other gets it. */
  readonly scope?: string | undefined;
  /** What a cached result promises. `strong` needs the adapter's option `intents`. */
  readonly consistency?: Consistency | undefined;
}

/** The `cache` argument of a read: `true` for the defaults, a TTL, options, or `false` for never. */
export type ReadCacheArgument = boolean | Duration | ReadCacheOptions;

/** The `cache` argument of a write: what it invalidates in addition. */
export interface WriteCacheOptions {
  /** Entries with one of these labels are invalidated as well. */
  readonly tags?: readonly string[] | undefined;
}
