import type { Duration } from '../duration.js';
import type { ObserveOptions } from '../observe/observe-options.js';
import type { MemoryOptions } from '../query-cache/query-cache.js';
import type { Consistency } from '../read/query.js';
import type { RedisClient } from '../redis/redis-client.js';
import type { RedisTierOptions } from '../redis/redis-options.js';
import type { CacheListener } from '../telemetry/events.js';
import type { IntentOptions } from '../write/intent-options.js';

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
  /** Labels that every cached answer to a read of this model carries. */
  readonly tags?: readonly string[] | undefined;
}

/** The options that every adapter has, under the same names. */
export interface AdapterOptions {
  /**
   * The Redis that processes share: a URL, a client of `ioredis` 5 or 6, or both with more options.
   *
   * @defaultValue `CACHETASTIC_REDIS_URL`; without either, this process caches for itself alone
   */
  readonly redis?: string | RedisClient | RedisTierOptions | undefined;
  /** The memory tier; `false` for none. */
  readonly memory?: MemoryOptions | false | undefined;
  /** Separates applications that share one Redis. @defaultValue `CACHETASTIC_NAMESPACE`, else `'cachetastic'` */
  readonly namespace?: string | undefined;
  /**
   * Names the database. Clients of one namespace and database share answers and invalidate each other.
   *
   * Give it where the database cannot say who it is, or says something else after a fail-over, as MySQL does.
   *
   * @defaultValue what the database says of itself, asked once
   */
  readonly database?: string | undefined;
  /** `explicit`: only reads that ask are cached. `all`: every read that can be, unless it says `cache: false`. @defaultValue `'explicit'` */
  readonly mode?: 'explicit' | 'all' | undefined;
  /** How long answers stay fresh. @defaultValue `CACHETASTIC_TTL`, else `60` (seconds) */
  readonly ttl?: Duration | undefined;
  /** How long after that they are served stale while a refresh runs behind. @defaultValue `0`: never */
  readonly swr?: Duration | undefined;
  /** How long after `ttl` they may be served because the database failed. @defaultValue `0`: never */
  readonly grace?: Duration | undefined;
  /** How old the last confirmation of the log may be for a cached answer to be served. @defaultValue `1` (second) */
  readonly maxStaleness?: Duration | undefined;
  /**
   * What cached answers promise: `bounded`, no older than `maxStaleness`; `strong`, linearizable with respect to
   * acknowledged writes, which needs `intents`. @defaultValue `'bounded'`
   */
  readonly consistency?: Consistency | undefined;
  /**
   * Announces every write before it is sent to the database. One more round trip per write; alike on every node.
   * @defaultValue `false`
   */
  readonly intents?: boolean | IntentOptions | undefined;
  /**
   * While the invalidation log cannot be confirmed: the database answers, or memory does for up to `maxStale`.
   * @defaultValue `'bypass'`
   */
  readonly onUnconfirmed?: 'bypass' | 'serve' | undefined;
  /** With `onUnconfirmed: 'serve'`, how long after the last confirmation. @defaultValue `60` (seconds) */
  readonly maxStale?: Duration | undefined;
  /**
   * Asks the database again about a share of the hits, 0 to 1, behind everybody's back, and tells by
   * `db.$cache.stats()` and the event `mismatch` whether they were right. @defaultValue `0`: none
   */
  readonly observe?: number | ObserveOptions | undefined;
  /**
   * The tenant or user whose answers these are, or a function that tells, from an `AsyncLocalStorage`, say.
   * Required where the database answers differently per caller. Reads for which it returns `undefined` are not cached.
   */
  readonly scope?: string | (() => string | undefined) | undefined;
  /**
   * How long `$cache.close()`, and `$disconnect()` of Prisma, wait at most for writes under way and for what must still be
   * delivered. @defaultValue `3` (seconds)
   */
  readonly closeTimeout?: Duration | undefined;
  /** Hears every event of the cache, from the first. */
  readonly onEvent?: CacheListener | undefined;
}
