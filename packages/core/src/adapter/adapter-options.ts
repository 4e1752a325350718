import type { Duration } from '../duration.js';
import type { CacheSettings } from '../query-cache/cache-settings.js';
import type { Consistency } from '../read/query.js';
import type { RedisClient } from '../redis/redis-client.js';
import type { RedisTierOptions } from '../redis/redis-options.js';
import type { CacheListener } from '../telemetry/events.js';

/** How the reads of one model are cached. */
export interface ModelDefaults {
  /** @defaultValue the adapter's `ttl` */
  readonly ttl?: Duration | undefined;
  /** @defaultValue the adapter's `swr` */
  readonly swr?: Duration | undefined;
  /** @defaultValue the adapter's `grace` */
  readonly grace?: Duration | undefined;
  /** @defaultValue the adapter's `consistency` */
  readonly consistency?: Consistency | undefined;
  /** Labels that every cached result of this model carries. */
  readonly tags?: readonly string[] | undefined;
}

/** The options that every adapter has, under the same names. */
export interface AdapterOptions extends Omit<CacheSettings, 'replicaLag'> {
  /**
   * The Redis that processes share: a URL, a client of `ioredis` 5 or 6, or both with more options.
   *
   * @defaultValue `CACHETASTIC_REDIS_URL`; without either, this process caches for itself alone
   */
  readonly redis?: string | RedisClient | RedisTierOptions | undefined;
  /**
   * Names the database. Clients of one namespace and database share results and invalidate each other.
   *
   * Set it if the database cannot be identified, or has another identity after a fail-over, as MySQL has.
   *
   * @defaultValue what the database reports, asked once
   */
  readonly database?: string | undefined;
  /** `explicit`: only reads that ask for it are cached. `all`: every one that can be, without `cache: false`. @defaultValue `'explicit'` */
  readonly mode?: 'explicit' | 'all' | undefined;
  /** How long results stay fresh. @defaultValue `CACHETASTIC_TTL`, else `60` (seconds) */
  readonly ttl?: Duration | undefined;
  /** How long after that they are served stale while they are refreshed in the background. @defaultValue `0`: never */
  readonly swr?: Duration | undefined;
  /** How long after `ttl` they may be served if the database fails. @defaultValue `0`: never */
  readonly grace?: Duration | undefined;
  /**
   * What cached results promise: `bounded`, no older than `maxStaleness`; `strong`, linearizable with respect to
   * acknowledged writes, which needs `intents`. @defaultValue `'bounded'`
   */
  readonly consistency?: Consistency | undefined;
  /**
   * The tenant or user that results belong to, or a function that returns it, for example from an `AsyncLocalStorage`.
   * Required if the database returns different results to different callers. Reads for which it returns `undefined` are
   * not cached.
   */
  readonly scope?: string | (() => string | undefined) | undefined;
  /** Is called with every event, from the first. */
  readonly onEvent?: CacheListener | undefined;
}
