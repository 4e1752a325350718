import type { Clock } from '../clock.js';
import type { ValueType } from '../entry/value-type.js';
import type { KeyType } from '../key/key-type.js';
import type { Change } from '../match/change.js';
import type { ProcessBook } from '../process/process-book.js';
import type { Finding } from '../read/finding.js';
import type { Load, Query, ReadObserver } from '../read/query.js';
import type { CacheEvents, CacheListener, Reason } from '../telemetry/events.js';
import type { CacheStats } from '../telemetry/stats.js';
import type { SharedStore } from '../tier/shared-store.js';
import type { TransactionChanges } from '../write/transaction-changes.js';
import type { WriteOutcome } from '../write/write-outcome.js';
import type { CloseBounds } from '../write/writes-under-way.js';
import type { CacheSettings } from './cache-settings.js';

/** Options of a {@link QueryCache}. */
export interface QueryCacheOptions extends CacheSettings {
  /** Names the database that results come from. Caches of one namespace and database invalidate each other. */
  readonly database: string;
  /** Part of every key: whatever gives equal queries different results, such as the schema's version. @defaultValue `''` */
  readonly identity?: string | undefined;
  /** The tier and log that processes share, from `redis()`. Absent: this process alone. */
  readonly shared?: SharedStore | undefined;
  /** Classes of values in results and keys that core does not know, such as an ORM's decimals. */
  readonly valueTypes?: readonly ValueType[] | undefined;
  /** Classes of values that only keys hold, such as an ORM's null sentinels. */
  readonly keyTypes?: readonly KeyType[] | undefined;
  readonly events?: CacheEvents | undefined;
  /**
   * A cache with a clock of its own shares nothing with the other caches of the process, unless `process` is given:
   * tests simulate processes with it.
   */
  readonly clock?: Clock | undefined;
  /** The caches of this process, from `currentProcess()`, for adapters that make the cache later. @defaultValue `currentProcess()` */
  readonly process?: ProcessBook | undefined;
  /**
   * The object through which the cache reaches its database: a client, a pool. Caches of the same one with equal options share
   * their memory tier. @defaultValue none: the memory is the cache's own
   */
  readonly origin?: object | undefined;
}

/** The cache, as adapters of ORMs use it: cached reads, writes that invalidate, transactions. */
export interface QueryCache {
  readonly events: CacheEvents;

  /**
   * Returns the result of `query` from the cache, or from `load`.
   *
   * A hit in memory is returned synchronously. The value belongs to the caller alone.
   * Rejects only with the error of `load`, or of the function that computes the footprint.
   */
  read<Value>(query: Query<Value>, load: Load<Value>, observe?: ReadObserver): Value | Promise<Value>;

  /**
   * Looks up `query`, for callers that load by themselves and pass in the result later: the interface of an ORM for caches
   * may offer no more. Callers that can pass the load should use `read`: concurrent callers then share one load, and stale
   * results can be served.
   *
   * Why both exist: docs/decisions/0012-a-cache-for-an-orms-own-option-looks-up-and-is-handed-in.md.
   *
   * `swr`, `grace` and the observer need a load, so here they do nothing. Rejects only with the error
   * of the function that computes the footprint.
   */
  find<Value>(query: Query<Value>, observe?: ReadObserver): Promise<Finding<Value>>;

  /** Counts and reports a read that the adapter decided not to cache. */
  bypass(query: string, reason: Reason, observe?: ReadObserver): void;

  /**
   * Runs a write that commits by itself, and invalidates the changes that `describe` returns.
   *
   * Settles exactly as `run` did: a cache that fails delays it by the deadline at most and never changes its outcome.
   * If `describe` throws, everything is invalidated.
   *
   * @param intend - What the write may change; called before it runs, if `intents` are on. Absent: everything.
   * @throws {@link WriteNotAnnouncedError} without calling `run`, if `intents` are on and the log did not answer in time.
   */
  write<Value>(
    run: () => Promise<Value>,
    describe: (outcome: WriteOutcome<Value>) => readonly Change[],
    intend?: () => readonly Change[],
  ): Promise<Value>;

  /** Starts collecting the changes of a transaction. */
  transaction(): TransactionChanges;

  /**
   * Invalidates what `changes` affect.
   *
   * @throws {@link InvalidationLostError} if the log did not accept it before the deadline. It stays queued and is delivered later.
   */
  invalidate(changes: readonly Change[]): Promise<void>;

  /** Invalidates everything in the namespace. @throws {@link InvalidationLostError} as `invalidate` does. */
  clear(): Promise<void>;

  stats(): CacheStats;

  /** @returns A function that removes the listener. */
  on(listener: CacheListener): () => void;

  /** Resolves when no fill, refresh or delivery is under way. */
  idle(): Promise<void>;

  /**
   * Waits for writes under way, delivers what is queued if it can be, and releases everything: for `closeTimeout` at most. What
   * is not delivered by then is reported by `invalidation-lost`. Never rejects.
   */
  close(bounds?: CloseBounds): Promise<void>;
}
