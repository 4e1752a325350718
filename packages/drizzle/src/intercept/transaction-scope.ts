import type { Change } from '@cachetastic/core';
import type { DatabaseCatalogue } from '@cachetastic/core/adapter';

/** Receives the changes of a scope that has ended. */
export interface TakesChanges {
  add(changes: readonly Change[]): Promise<void>;
}

/** The changes of one transaction, or of a savepoint in one, so far. */
export class TransactionScope {
  /** Resolves when the transaction has ended and none of its statements still runs. */
  readonly ended: Promise<void>;
  #changes: Change[] = [];
  #lasting = false;
  /** Receives the changes of an ended scope. */
  #next: TakesChanges | undefined;
  readonly #catalogue: Pick<DatabaseCatalogue, 'outlivesRollback'>;
  /** Whether the database may have ended the whole transaction: then each later statement commits by itself. */
  readonly #state: { broken: boolean };

  constructor(
    ended: Promise<void>,
    catalogue: Pick<DatabaseCatalogue, 'outlivesRollback'>,
    state: { broken: boolean } = { broken: false },
  ) {
    this.ended = ended;
    this.#catalogue = catalogue;
    this.#state = state;
  }

  /** The scope of a savepoint in this one. */
  inner(): TransactionScope {
    return new TransactionScope(this.ended, this.#catalogue, this.#state);
  }

  /** Records that the database may have rolled back the whole transaction. */
  doubt(): void {
    this.#state.broken = true;
  }

  /** Holds `changes` back until the scope ends. Those of a write that settles later go where the others went. */
  async add(changes: readonly Change[]): Promise<void> {
    if (this.#state.broken || this.#catalogue.outlivesRollback(changes)) this.#lasting = true;
    if (this.#next === undefined) this.#changes.push(...changes);
    else await this.#next.add(changes);
  }

  /** Whether some of the changes may outlive a rollback. */
  get isLasting(): boolean {
    return this.#lasting;
  }

  /** Passes all changes on, and later ones too. */
  moveTo(next: TakesChanges): void {
    const changes = this.#changes;
    this.forget(next);
    void next.add(changes);
  }

  /** After a rollback: drops the changes, and passes only later ones on. */
  forget(next: TakesChanges): void {
    this.#next = next;
    this.#changes = [];
  }
}
