import { TierOpeningError } from '../errors.js';
import type { Stamp } from '../log/stamp.js';
import type { Facts, Footprint } from '../match/footprint.js';

/** Why a read did not use the cache, or why more is invalidated than necessary. Adapters add reasons of their own. */
export type Reason = string;

/** A tier by its name: `'memory'`, or the name of the shared tier, such as `'redis'`. */
export type TierName = 'memory' | 'redis' | (string & Record<never, never>);

/** Where a result came from: a tier, by its name; a load that another caller had begun (`'shared-load'`); the database (`'origin'`). */
export type Source = TierName | 'shared-load' | 'origin';

/** A log record, as the event `mismatch` reports it. Values of rows that are not in the footprint are hidden. */
export interface ReportedRecord {
  readonly seq: number;
  /** Whether it only announced its changes. */
  readonly intent?: true | undefined;
  readonly changes: readonly {
    readonly kind: 'model' | 'tag' | 'everything';
    readonly model?: string;
    readonly tag?: string;
    readonly op?: 'create' | 'update' | 'delete' | 'any';
    readonly before?: Facts | undefined;
    readonly after?: Facts | undefined;
  }[];
}

/** A decision of the cache. Metrics and traces are built on these. `query` is the name of the query, as in `User.findMany`. */
export type CacheEvent =
  | { readonly type: 'hit'; readonly query: string; readonly key: string; readonly source: TierName }
  /** Served stale: during a refresh in the background (`swr`), because the load failed (`grace`) or the log did not answer (`unconfirmed`). */
  | {
      readonly type: 'stale-hit';
      readonly query: string;
      readonly key: string;
      readonly source: TierName;
      readonly because: 'swr' | 'grace' | 'unconfirmed';
    }
  | { readonly type: 'miss'; readonly query: string; readonly key: string; readonly reason: Reason }
  /** Joined a load that another caller had begun. */
  | { readonly type: 'coalesced'; readonly query: string; readonly key: string }
  /** A query to the database begins. `origin`: only the primary may answer it, or a replica as well. */
  | { readonly type: 'load'; readonly query: string; readonly key: string; readonly origin: 'primary' | 'any' }
  | { readonly type: 'load-failed'; readonly query: string; readonly key: string; readonly error: unknown }
  | { readonly type: 'refresh'; readonly query: string; readonly key: string }
  /** A tier took an entry: after a load, or copied from a slower tier. */
  | { readonly type: 'fill'; readonly query: string; readonly key: string; readonly tier: TierName }
  /** The result was returned and not cached. */
  | {
      readonly type: 'not-filled';
      readonly query: string;
      readonly key: string;
      readonly reason: Reason;
      readonly error?: unknown;
    }
  /** The read went to the database and touched no cache. */
  | { readonly type: 'bypass'; readonly query: string; readonly reason: Reason }
  /** Something could not be determined exactly: more is invalidated than necessary. */
  | { readonly type: 'widened'; readonly query: string; readonly reason: Reason }
  /**
   * Changes were appended to the log (`seq`), or wait in this process's queue (`queued`). `models` by the
   * adapter's names for them in footprints: with our adapters, their tables.
   */
  | {
      readonly type: 'invalidate';
      readonly changes: number;
      readonly models: readonly string[];
      readonly seq?: number;
      readonly queued: boolean;
    }
  /** The queue of invalidations overflowed: they were replaced by one that affects everything. */
  | { readonly type: 'queue-overflow'; readonly dropped: number }
  /** Invalidations have been waiting for the log for longer than `maxStaleness`: other processes do not know of them. */
  | { readonly type: 'queue-delayed'; readonly changes: number }
  /** The cache was closed before these invalidations could be delivered: other processes may serve what they affect until its `ttl`. */
  | { readonly type: 'invalidation-lost'; readonly changes: number }
  /** An operation of a tier or the log failed, or its reply could not be read. Not repeated until the operation succeeds. */
  | { readonly type: 'tier-failed'; readonly tier: string; readonly operation: string; readonly error: unknown }
  /** The operation that `tier-failed` named succeeded again. `failures`: how often it failed until then. */
  | { readonly type: 'tier-recovered'; readonly tier: string; readonly operation: string; readonly failures: number }
  /** The client may not read the database's catalogue, or a part of it: what functions and triggers do is unknown. */
  | { readonly type: 'catalogue-unread'; readonly reason: Reason; readonly error?: unknown }
  /**
   * The database has a foreign key, a trigger, a rule or a partition that the schema in code lacks. Once for each, as the
   * catalogue shows it.
   */
  | {
      readonly type: 'schema-incomplete';
      /** A table that the code knows. */
      readonly table: string;
      /** What the schema in code lacks. */
      readonly lacks: string;
      /** What the cache does because of it. */
      readonly consequence: string;
      /** How to declare it. */
      readonly advice: string;
    }
  /** The log can no longer be confirmed: reads go to the database, unless `onUnconfirmed` is `'serve'`. */
  | { readonly type: 'log-unconfirmed'; readonly since: number }
  | { readonly type: 'log-confirmed' }
  /** With `intents`: nothing keeps the database from committing a write later than `fence` seconds after its announcement. */
  | { readonly type: 'unfenced'; readonly fence: number; readonly reason: Reason }
  /**
   * A statement through the client changed its session: a setting, a role, a temporary table. Reads without a `scope`
   * bypass the cache from now on; of a temporary table, those that may name it. Once for each connection or pool, and for each
   * temporary table.
   */
  | { readonly type: 'session-changed'; readonly statement: string }
  /**
   * A local SQLite file was busy (`error`), after which a connection of the driver may go on showing an old state. Reads of this
   * client bypass the cache from now on, with a `scope` too. Once for each client of the driver.
   */
  | { readonly type: 'connection-behind'; readonly error: unknown }
  /** Policies decide by row what this client sees of these tables: reads of them without a `scope` bypass the cache. */
  | { readonly type: 'row-security'; readonly tables: readonly string[] }
  /**
   * Two database servers, by address, use one name in the shared tier. Either the database failed over, or one is a copy of the
   * other's files and both share cached results: give the copy a `namespace` or `database` of its own.
   */
  | { readonly type: 'two-servers'; readonly servers: readonly [own: string, other: string] }
  /** Everything cached before is distrusted. */
  | {
      readonly type: 'log-reset';
      readonly epoch: string;
      readonly because: 'start' | 'epoch' | 'trimmed' | 'outage' | 'contradicted';
    }
  | { readonly type: 'evict'; readonly key: string }
  /** As many caches of one database, each with a memory of its own, are open in this process: was the client wrapped per request? */
  | { readonly type: 'many-caches'; readonly caches: number }
  /**
   * The observer found a hit that differs from the result of the database, and no write in the log explains it. The entry was
   * dropped.
   */
  | {
      readonly type: 'mismatch';
      readonly query: string;
      readonly key: string;
      readonly source: TierName;
      /** `order`: the same rows in another order, which is no fault if the query requests no order. */
      readonly difference: 'content' | 'order';
      readonly footprint: Footprint;
      /** The log position known before the load of the entry began. */
      readonly stamp: Stamp;
      /** The newest records since, none of which was found to affect the footprint. */
      readonly records: readonly ReportedRecord[];
      /** With `observe.degrade`: the models of which any change invalidates every result in this process from now on. */
      readonly degraded: readonly string[];
    };

/** Gets every {@link CacheEvent}, in order. An error that it throws becomes a process warning, and fails no query. */
export type CacheListener = (event: CacheEvent) => void;

/** The list of listeners. Emitting costs one length check while there is no listener. */
export class CacheEvents {
  #listeners: readonly CacheListener[] = [];
  /** The operations that fail now, as `<tier> <operation>`, and how often they did. */
  readonly #failing = new Map<string, number>();

  /** Whether there is a listener: building an event without one would be a waste. */
  get heard(): boolean {
    return this.#listeners.length > 0;
  }

  /** @returns A function that removes the listener. */
  on(listener: CacheListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Reports a failure of `tier`, once until {@link answered} is called for the same operation. */
  failed(tier: string, operation: string, error: unknown): void {
    // Not a failure yet: the deadline of the opening reports it.
    if (error instanceof TierOpeningError) return;
    const name = `${tier} ${operation}`;
    const failures = this.#failing.get(name) ?? 0;
    this.#failing.set(name, failures + 1);
    if (failures === 0) this.emit({ type: 'tier-failed', tier, operation, error });
  }

  /** Reports that an operation of `tier` succeeded, if it failed before. */
  answered(tier: string, operation: string): void {
    if (this.#failing.size === 0) return;
    const name = `${tier} ${operation}`;
    const failures = this.#failing.get(name);
    if (failures === undefined) return;
    this.#failing.delete(name);
    this.emit({ type: 'tier-recovered', tier, operation, failures });
  }

  emit(event: CacheEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // A listener's bug must neither fail a query nor pass unseen.
        process.emitWarning(error instanceof Error ? error : String(error), 'CachetasticListenerWarning');
      }
    }
  }
}
