import { type CacheEvents, type Change, EVERYTHING, type Reason, type TransactionChanges } from '@cachetastic/core';
import type { DatabaseCatalogue, LazyCache } from '@cachetastic/core/adapter';
import { privateOf } from '../client/prisma-client.js';

/** A transaction with a callback that has begun and not ended. */
interface Tracked {
  readonly changes: TransactionChanges;
  /** Whether some of its changes may outlive a rollback. */
  lasting: boolean;
  /** Whether the database may have ended it already: then each later statement commits by itself. */
  broken: boolean;
  /** How many calls of `$transaction` run in it: nested ones share the id of the outermost. */
  depth: number;
}

/** Begins a transaction, and settles when it has ended. */
type Begin = (work: (client: unknown) => unknown) => PromiseLike<unknown>;

/**
 * Holds back the changes of transactions with a callback until these end.
 *
 * Prisma's id distinguishes them, not the asynchronous context: a write through the outer client inside the callback commits
 * by itself.
 */
export class Transactions {
  readonly #lazyCache: LazyCache;
  readonly #events: CacheEvents;
  readonly #seesWritesOf: (client: unknown) => boolean;
  readonly #catalogue: Pick<DatabaseCatalogue, 'outlivesRollback'>;
  readonly #tracked = new Map<string, Tracked>();

  /** @param seesWritesOf - Whether the writes of a transaction's client pass through our hook. */
  constructor(
    lazyCache: LazyCache,
    events: CacheEvents,
    seesWritesOf: (client: unknown) => boolean,
    catalogue: Pick<DatabaseCatalogue, 'outlivesRollback'>,
  ) {
    this.#lazyCache = lazyCache;
    this.#catalogue = catalogue;
    this.#events = events;
    this.#seesWritesOf = seesWritesOf;
  }

  /** Runs a transaction, and invalidates once after the outermost commit. Settles as the transaction does. */
  async run(begin: Begin, work: (client: unknown) => unknown): Promise<unknown> {
    // Not inside: the transaction may hold the only connection, and identifying the database needs one.
    await this.#lazyCache.open();
    // An extension before ours may retry, each time in another transaction.
    const attempts: { readonly id: string; threw: boolean }[] = [];
    let rejected = true;
    try {
      const answer = await begin(async (client) => {
        const known = transactionId(client);
        const id = known ?? `unknown ${crypto.randomUUID()}`;
        const attempt = { id, threw: false };
        attempts.push(attempt);
        this.#enter(id);
        // Without Prisma's id, `add` does not know the transaction: its writes are invalidated one by one, before the commit.
        if (known === undefined) this.#widen(id, 'transaction-unidentified');
        // An extension before ours began it on the client that it extended, which has no hook of ours.
        if (!this.#seesWritesOf(client)) this.#widen(id, 'transaction-past-cache');
        try {
          const answer = await work(client);
          await this.#announce(id);
          return answer;
        } catch (error) {
          attempt.threw = true;
          throw error;
        }
      });
      rejected = false;
      return answer;
    } finally {
      // A callback that threw was rolled back, unless an extension before ours caught the error and went on to the commit.
      // Any other failure (a timeout, a lost connection) may have come after the commit.
      for (const attempt of attempts) {
        const failed = rejected || attempt !== attempts.at(-1);
        await this.#leave(attempt.id, !failed ? 'committed' : attempt.threw ? 'rolled-back' : 'unknown');
      }
    }
  }

  /** Holds `changes` back until the transaction ends. @returns Whether it is known. */
  add(id: string, changes: readonly Change[]): boolean {
    const tracked = this.#tracked.get(id);
    if (tracked === undefined) return false;
    tracked.changes.add(changes);
    if (tracked.broken || this.#catalogue.outlivesRollback(changes)) tracked.lasting = true;
    return true;
  }

  /** Records that the database may have rolled the transaction back by itself. */
  doubt(id: string): void {
    const tracked = this.#tracked.get(id);
    if (tracked !== undefined) tracked.broken = true;
  }

  /** Resolves when the transaction has ended; `undefined` for an unknown one. */
  endOf(id: string | undefined): Promise<void> | undefined {
    return id === undefined ? undefined : this.#tracked.get(id)?.changes.ended;
  }

  /** Announces the changes after the outermost callback, before the commit. @throws {@link WriteNotAnnouncedError} to roll back. */
  async #announce(id: string): Promise<void> {
    const tracked = this.#tracked.get(id);
    if (tracked?.depth === 1) await tracked.changes.announce();
  }

  /** Invalidates everything if the transaction commits. */
  #widen(id: string, reason: Reason): void {
    this.#events.emit({ type: 'widened', query: '$transaction', reason });
    this.#tracked.get(id)?.changes.add([EVERYTHING]);
  }

  #enter(id: string): void {
    const tracked = this.#tracked.get(id);
    if (tracked !== undefined) {
      tracked.depth += 1;
      return;
    }
    const changes = this.#lazyCache.transaction();
    this.#tracked.set(id, { changes, lasting: false, broken: false, depth: 1 });
  }

  async #leave(id: string, end: 'committed' | 'rolled-back' | 'unknown'): Promise<void> {
    const tracked = this.#tracked.get(id);
    if (tracked === undefined) return;
    tracked.depth -= 1;
    // Changes that an inner transaction rolled back stay: invalidating more is safe.
    if (tracked.depth > 0) return;
    this.#tracked.delete(id);
    if (end === 'committed') await tracked.changes.commit();
    else if (end === 'rolled-back' && !tracked.lasting) await tracked.changes.rollback();
    else await tracked.changes.uncertain();
  }
}

/** The id that Prisma gave to the transaction of `client`: its promises get it before any query runs. */
function transactionId(client: unknown): string | undefined {
  const create = privateOf(client, '_createPrismaPromise');
  if (typeof create !== 'function') return undefined;
  let id: unknown;
  create
    .call(client, (transaction: unknown) => {
      id = privateOf(transaction, 'id');
      return Promise.resolve();
    })
    .then(() => undefined);
  return typeof id === 'string' ? id : undefined;
}
