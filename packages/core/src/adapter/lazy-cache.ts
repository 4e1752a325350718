import { systemClock } from '../clock.js';
import { InvalidationLostError, WriteNotAnnouncedError } from '../errors.js';
import { type Change, EVERYTHING } from '../match/change.js';
import type { ResolvedCacheSettings } from '../query-cache/cache-settings.js';
import type { QueryCache } from '../query-cache/query-cache.js';
import type { ReadObserver } from '../read/query.js';
import { holdProcess } from '../resilience/process-hold.js';
import { TimeLimit } from '../resilience/time-limit.js';
import { modelsOf } from '../tail/tail-report.js';
import type { CacheEvents, Reason } from '../telemetry/events.js';
import type { CacheStats } from '../telemetry/stats.js';
import type { SharedStore } from '../tier/shared-store.js';
import { TransactionChanges } from '../write/transaction-changes.js';
import { type CloseBounds, WritesUnderWay } from '../write/writes-under-way.js';
import { addedStats, closedStats, NO_STATS } from './added-stats.js';

/** How long after a failed attempt the database is not queried for its identity again, in milliseconds. */
const PAUSE = 1_000;
/** How many changes wait for the cache to open before they become one that affects everything. */
const MOST_WAITING = 1_000;

/** What a {@link LazyCache} works with. */
export interface LazyCacheDeps {
  readonly events: CacheEvents;
  /** Identifies the database and makes the cache. If it rejects, a later use tries again. */
  readonly make: () => Promise<QueryCache>;
  readonly settings: Pick<ResolvedCacheSettings, 'intents' | 'closeTimeout'>;
  /** Its hits are counted from 0, before the cache is open too. `undefined`: there is none. */
  readonly shared?: Pick<SharedStore, 'name'> | undefined;
}

/**
 * The cache of one client. It opens at the first use, because only then the database can be identified.
 *
 * Before, nothing is cached, and changes are queued until the cache is open.
 */
export class LazyCache {
  readonly #parts: LazyCacheDeps;
  #opened: QueryCache | undefined;
  #attempt: Promise<QueryCache | undefined> | undefined;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #waiting: Change[] = [];
  /** The writes that began before the cache was open. */
  readonly #early: WritesUnderWay;
  /** The counts of the earlier times that the cache was open. */
  #before: CacheStats = NO_STATS;

  constructor(parts: LazyCacheDeps) {
    this.#parts = parts;
    const { shared } = parts;
    if (shared !== undefined) this.#before = { ...NO_STATS, hits: { ...NO_STATS.hits, [shared.name]: 0 } };
    this.#early = new WritesUnderWay(systemClock, parts.events);
  }

  /** The cache, once it is open. */
  get opened(): QueryCache | undefined {
    return this.#opened;
  }

  /** Counts of this client, of earlier times that the cache was open too. */
  stats(): CacheStats {
    const stats = this.#opened === undefined ? this.#before : addedStats(this.#before, this.#opened.stats());
    return { ...stats, queued: stats.queued + this.#waiting.length };
  }

  /**
   * Keeps track of a write that begins now, if the cache is not open: {@link close} waits for it.
   *
   * @param waits - Whether the write waits before it is passed to the cache.
   */
  track<Value>(writing: Promise<Value>, waits = false): Promise<Value> {
    if (waits || this.#opened === undefined) this.#early.add(writing);
    return writing;
  }

  /** Opens the cache if it can be. Never rejects: `undefined` means that the database could not be identified. */
  async open(): Promise<QueryCache | undefined> {
    if (this.#opened !== undefined || systemClock.now() < this.#pausedUntil) return this.#opened;
    this.#attempt ??= this.#try().finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  /** Passes the cache to `read`, at once if it is open; if it cannot be opened, the reason to `bypass`. */
  use<Value>(read: (cache: QueryCache) => Promise<Value>, bypass: (reason: Reason) => Promise<Value>): Promise<Value>;
  use<Value>(
    read: (cache: QueryCache) => Value | Promise<Value>,
    bypass: (reason: Reason) => Value | Promise<Value>,
  ): Value | Promise<Value>;
  use<Value>(
    read: (cache: QueryCache) => Value | Promise<Value>,
    bypass: (reason: Reason) => Value | Promise<Value>,
  ): Value | Promise<Value> {
    if (this.#opened !== undefined) return read(this.#opened);
    return this.open().then((cache) => (cache === undefined ? bypass('database-not-identified') : read(cache)));
  }

  /** Counts and reports a read that is not cached, open or not. */
  bypass(query: string, reason: Reason, observe: ReadObserver | undefined): void {
    if (this.#opened !== undefined) {
      this.#opened.bypass(query, reason, observe);
      return;
    }
    this.#parts.events.emit({ type: 'bypass', query, reason });
    observe?.({ query, status: 'bypass', source: 'origin', reason });
  }

  /** Starts collecting the changes of a transaction. */
  transaction(): TransactionChanges {
    if (this.#opened !== undefined) return this.#opened.transaction();
    const transaction = new TransactionChanges({
      append: (changes) => this.settle(changes),
      announce: async () => {
        this.assertUnannounced();
        return [];
      },
    });
    this.#early.add(transaction.ended);
    return transaction;
  }

  /** @throws {@link WriteNotAnnouncedError} if writes must be announced: before the cache is open they cannot be. */
  assertUnannounced(): void {
    if (this.#parts.settings.intents?.onUnavailable !== 'fail') return;
    throw new WriteNotAnnouncedError(
      'The write was not sent to the database: with `intents` it must be announced first, and the database could not be identified.',
    );
  }

  /** Invalidates by `changes`, now or when the cache opens. @throws {@link InvalidationLostError} as `invalidate` does. */
  async invalidate(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const cache = this.#opened ?? (await this.open());
    if (cache !== undefined) return cache.invalidate(changes);
    this.#wait(changes);
    throw new InvalidationLostError(
      'The cache is not open because the database could not be identified (see the event `tier-failed`). The invalidation is queued until it opens.',
    );
  }

  /** As {@link invalidate}, after a write that succeeded: what is not delivered now is delivered later, and an event reports it. */
  async settle(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const cache = this.#opened ?? (await this.open());
    if (cache === undefined) this.#wait(changes);
    else await append(cache, changes);
  }

  /** Tries again to open the cache if changes wait for it, before the client disconnects. Never rejects. */
  async deliver(): Promise<void> {
    await this.#deliver(new TimeLimit(systemClock, this.#parts.settings.closeTimeout));
  }

  /** Closes the cache, within `closeTimeout`. The next use opens it again. Never rejects. */
  async close({ within = this.#parts.settings.closeTimeout, disconnected }: CloseBounds = {}): Promise<void> {
    const limit = new TimeLimit(systemClock, within);
    const releaseProcess = holdProcess(systemClock);
    await this.#early.end(limit, disconnected);
    if (this.#attempt !== undefined) await limit.ended(this.#attempt);
    // Not after the client has disconnected: a query would connect it again.
    if (disconnected === undefined) await this.#deliver(limit);
    const cache = this.#opened;
    this.#opened = undefined;
    if (cache !== undefined) {
      await cache.close({ within: limit.left, disconnected });
      this.#before = addedStats(this.#before, closedStats(cache.stats()));
    }
    const lost = this.#waiting.length;
    this.#waiting = [];
    if (lost > 0) this.#parts.events.emit({ type: 'invalidation-lost', changes: lost });
    releaseProcess();
  }

  async #deliver(limit: TimeLimit): Promise<void> {
    if (this.#attempt !== undefined) await limit.ended(this.#attempt);
    if (this.#opened !== undefined || this.#waiting.length === 0) return;
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
    await limit.ended(this.open());
  }

  #wait(changes: readonly Change[]): void {
    const { events } = this.#parts;
    events.emit({ type: 'invalidate', changes: changes.length, models: modelsOf(changes), queued: true });
    if (this.#waiting.length + changes.length <= MOST_WAITING) {
      this.#waiting.push(...changes);
      return;
    }
    events.emit({ type: 'queue-overflow', dropped: this.#waiting.length + changes.length });
    this.#waiting = [EVERYTHING];
  }

  async #try(): Promise<QueryCache | undefined> {
    const { make, events } = this.#parts;
    try {
      const cache = await make();
      // First the changes that waited: until they are delivered, other processes serve what they affect.
      const waiting = this.#waiting;
      this.#waiting = [];
      if (waiting.length > 0) await append(cache, waiting);
      this.#opened = cache;
      return cache;
    } catch (error) {
      this.#pausedUntil = systemClock.now() + PAUSE;
      events.emit({ type: 'tier-failed', tier: 'database', operation: 'identify', error });
      return undefined;
    }
  }
}

/** Appends the changes of a write that has happened. Unlike `invalidate`, it does not wait for the first connection. */
function append(cache: QueryCache, changes: readonly Change[]): Promise<void> {
  return cache.write(
    async () => {},
    () => changes,
    () => [],
  );
}
