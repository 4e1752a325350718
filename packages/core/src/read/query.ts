import type { Lifetime } from '../entry/lifetime.js';
import type { Footprint } from '../match/footprint.js';
import type { Reason, Source } from '../telemetry/events.js';

/** A query to the database, as an adapter describes it. */
export interface Query<Value = unknown> {
  /** Its name in events and statistics, for example `'User.findMany'`. */
  readonly name: string;
  /**
   * Everything that distinguishes this query from every other of the same cache: operation, arguments, result shape,
   * scope. Plain data; object keys in any order; `undefined` properties count as absent.
   */
  readonly keyParts: unknown;
  /**
   * What the result depends on, as known before the load. Entries and loads in flight are judged by it.
   *
   * A function is called only if memory has no valid entry, and then at once. Equal key parts must give equal footprints: a
   * hit is judged by the footprint of its entry. What it throws rejects the read.
   */
  readonly footprint: Footprint | (() => Footprint | Refusal);
  /** What the result depends on once it is known: never more than `footprint`, or `undefined` for just that. Must not throw. */
  readonly narrow?: ((value: Value) => Footprint | undefined) | undefined;
  readonly lifetime: Lifetime;
  /**
   * `bounded`: no older than `maxStaleness`, and never older than what this process wrote. `strong`: linearizable with
   * respect to acknowledged writes, for one round trip to the log. It needs `intents` on every node.
   *
   * @defaultValue `'bounded'`
   */
  readonly consistency?: Consistency | undefined;
  /** For adapters that compute something from the result before callers see it, such as an ORM's mapped rows. */
  readonly projection?: Projection<Value> | undefined;
}

/**
 * What an adapter computes from a result before callers see it. Memory keeps one projection beside an entry, so that
 * later hits need not compute it; it counts toward `maxBytes` and leaves with its entry.
 *
 * A hit in memory calls `reuse` if the entry keeps this projection, and `store` if it may keep it from now on.
 */
export interface Projection<Value> {
  /**
   * Identifies the computation: the same object wherever equal results give equal projections. If several share an entry,
   * the entry keeps the most requested.
   */
  readonly id: object;
  /**
   * @param projected - A copy of the kept projection: the caller's own.
   * @param value - The value of the entry itself, which must not be changed.
   * @returns What the read returns in place of a copy of `value`.
   */
  readonly reuse: (projected: unknown, value: Value) => unknown;
  /** @param keep - To be called with the projection once it is computed, during the read or later. */
  readonly store: (keep: KeepProjection) => void;
}

/** Keeps `projected` if it can be copied exactly and fits into memory. @returns The value to give to the caller instead of it. */
export type KeepProjection = (projected: unknown) => unknown;

/** What a cached result promises. */
export type Consistency = 'bounded' | 'strong';

/** Why a query must not be cached. */
export interface Refusal {
  readonly refused: Reason;
}

/** Which database a load may ask: the one that is written to, or a replica of it as well. */
export type Origin = 'primary' | 'any';

/** What a load gets to know, and can report about itself while it runs. */
export interface LoadContext {
  /**
   * `any`, only with the option `replicaLag`: no known recent write may affect the result, so a replica with at most that
   * lag gives it as well. An adapter without replicas can ignore it.
   */
  readonly origin: Origin;
  /** The result belongs to this caller alone: no waiting caller gets it, and no tier keeps it. */
  keepPrivate(reason: Reason): void;
}

/** One call to the origin, with a {@link LoadContext} of its own. */
export type Load<Value> = (context: LoadContext) => Promise<Value>;

/** How one read was answered: what `explain` shows. */
export interface ReadInfo {
  readonly query: string;
  /**
   * `hit`, `stale` (during a refresh, because the load failed, or because the log could not be confirmed), `miss` (loaded),
   * `coalesced` (another caller's load), `bypass` (the database answered without the cache).
   */
  readonly status: 'hit' | 'stale' | 'miss' | 'coalesced' | 'bypass';
  readonly source: Source;
  /** The key in shared tiers. Absent on a bypass that has none. */
  readonly key?: string | undefined;
  /** Seconds since the result was loaded, and `replicaLag` more if a replica may have given it. */
  readonly age?: number | undefined;
  /** Why it was not a hit, or why the result was not kept. */
  readonly reason?: Reason | undefined;
  readonly footprint?: Footprint | undefined;
}

/** Called once per read, before its result is returned, with how it was answered. */
export type ReadObserver = (info: ReadInfo) => void;
