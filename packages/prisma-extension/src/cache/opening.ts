import {
  type CacheEvents,
  type Change,
  createQueryCache,
  EVERYTHING,
  InvalidationLostError,
  type QueryCache,
  systemClock,
  TransactionChanges,
  WriteNotAnnouncedError,
} from '@cachetastic/core';
import { type PrismaClientLike, privateOf } from '../client/prisma-client.js';
import { announces, type ResolvedOptions } from '../options/resolve-options.js';
import { needsOfClient } from '../order/computed-fields.js';
import { adapterSchema, type DatabaseIdentity, identifyDatabase } from './database-identity.js';
import { findDecimalClass } from './decimal-class.js';
import { decimalType, KEY_TYPES } from './value-types.js';

/** How long after a failure the database is not asked again who it is, in milliseconds. */
const PAUSE = 1_000;
/** How many changes wait for the cache to open before they become one that affects everything. */
const MOST_WAITING = 1_000;

/** What a cache is opened with. */
export interface OpeningParts {
  /** The client as it was before the extension: its queries do not pass through us. */
  readonly client: PrismaClientLike;
  readonly options: ResolvedOptions;
  readonly events: CacheEvents;
  /** Changes whenever the schema does. */
  readonly fingerprint: string;
  readonly provider: string | undefined;
}

/**
 * The cache of one client, opened when it is first used: only then the database can be asked who it is.
 *
 * Nothing is cached before, and nothing is forgotten: changes wait until the cache is open.
 */
export class Opening {
  readonly #parts: OpeningParts;
  #opened: QueryCache | undefined;
  #attempt: Promise<QueryCache | undefined> | undefined;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #waiting: Change[] = [];

  constructor(parts: OpeningParts) {
    this.#parts = parts;
  }

  /** The cache, once it is open. */
  get opened(): QueryCache | undefined {
    return this.#opened;
  }

  /** Opens the cache if it can be. Never rejects: `undefined` means that the database could not be asked. */
  async open(): Promise<QueryCache | undefined> {
    if (this.#opened !== undefined || systemClock.now() < this.#pausedUntil) return this.#opened;
    this.#attempt ??= this.#try().finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  /** Starts collecting the changes of a transaction. */
  transaction(): TransactionChanges {
    if (this.#opened !== undefined) return this.#opened.transaction();
    return new TransactionChanges({
      append: (changes) => this.settle(changes),
      announce: async () => {
        this.assertUnannounced();
        return [];
      },
    });
  }

  /** @throws {@link WriteNotAnnouncedError} if writes must be announced: before the cache is open they cannot be. */
  assertUnannounced(): void {
    const { options } = this.#parts;
    const { intents } = options.given;
    if (!announces(options) || (typeof intents === 'object' && intents.onUnavailable === 'proceed')) return;
    throw new WriteNotAnnouncedError(
      'The write was not sent to the database: with `intents` it is announced first, and the database could not be asked who it is.',
    );
  }

  /** Invalidates by `changes`, now or when the cache opens. @throws {@link InvalidationLostError} as `invalidate` does. */
  async invalidate(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const cache = this.#opened ?? (await this.open());
    if (cache !== undefined) return cache.invalidate(changes);
    this.#wait(changes);
    throw new InvalidationLostError(
      'The cache is not open: the database could not be asked who it is, and the event `tier-failed` says why. The invalidation waits until the cache opens.',
    );
  }

  /** As {@link invalidate}, after a write that succeeded: what is not delivered now is delivered later, and an event says so. */
  async settle(changes: readonly Change[]): Promise<void> {
    try {
      await this.invalidate(changes);
    } catch (error) {
      if (!(error instanceof InvalidationLostError)) throw error;
    }
  }

  /** Closes the cache. The next use opens it again. Never rejects. */
  async close(): Promise<void> {
    await this.#attempt;
    const cache = this.#opened;
    this.#opened = undefined;
    await cache?.close();
  }

  #wait(changes: readonly Change[]): void {
    if (this.#waiting.length + changes.length <= MOST_WAITING) {
      this.#waiting.push(...changes);
      return;
    }
    this.#parts.events.emit({ type: 'queue-overflow', dropped: this.#waiting.length + changes.length });
    this.#waiting = [EVERYTHING];
  }

  async #try(): Promise<QueryCache | undefined> {
    const { client, options, events, provider } = this.#parts;
    try {
      const cache = await this.#make(await identifyDatabase(client, provider, options.given.database));
      // First what waited: other processes serve what it affects until they hear of it.
      const waiting = this.#waiting;
      this.#waiting = [];
      if (waiting.length > 0) await cache.invalidate(waiting).catch(() => undefined);
      this.#opened = cache;
      return cache;
    } catch (error) {
      this.#pausedUntil = systemClock.now() + PAUSE;
      events.emit({ type: 'tier-failed', tier: 'database', operation: 'identify', error });
      return undefined;
    }
  }

  async #make(identity: DatabaseIdentity): Promise<QueryCache> {
    const { client, options, events, fingerprint } = this.#parts;
    const { namespace, memory, maxStaleness, intents, onUnconfirmed, maxStale, observe } = options.given;
    const Decimal = await findDecimalClass(client, identity.decimal);
    return createQueryCache({
      namespace,
      memory,
      maxStaleness,
      intents,
      onUnconfirmed,
      maxStale,
      observe,
      events,
      database: identity.database,
      identity: JSON.stringify([
        privateOf(client, '_clientVersion') ?? '',
        fingerprint,
        identity.session,
        adapterSchema(client) ?? '',
        privateOf(client, '_globalOmit') ?? {},
        needsOfClient(client),
      ]),
      shared: options.shared,
      valueTypes: Decimal === undefined ? [] : [decimalType(Decimal)],
      keyTypes: KEY_TYPES,
    });
  }
}
