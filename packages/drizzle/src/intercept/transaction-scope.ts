import type { Change } from '@cachetastic/core';
import type { DatabaseCatalogue } from '@cachetastic/core/adapter';

/** What takes the changes of a scope that has ended. */
export interface TakesChanges {
  add(changes: readonly Change[]): Promise<void>;
}

/** What one transaction, or a savepoint in one, changed so far. */
export class TransactionScope {
  /** Resolves when the transaction has ended, and nothing of it is under way. */
  readonly ended: Promise<void>;
  #changes: Change[] = [];
  #lasting = false;
  #outer: TakesChanges | undefined;
  readonly #catalogue: Pick<DatabaseCatalogue, 'outlivesRollback'>;
  /** Whether the database may have ended the whole transaction already: what follows then commits by itself. */
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

  /** The scope of a savepoint in it. */
  inner(): TransactionScope {
    return new TransactionScope(this.ended, this.#catalogue, this.#state);
  }

  /** Hears that the database may have rolled the whole transaction back by itself. */
  doubt(): void {
    this.#state.broken = true;
  }

  /** Holds `changes` back until it ends. Changes of a write that settles after the end go where the others went. */
  async add(changes: readonly Change[]): Promise<void> {
    if (this.#state.broken || this.#catalogue.outlivesRollback(changes)) this.#lasting = true;
    if (this.#outer === undefined) this.#changes.push(...changes);
    else await this.#outer.add(changes);
  }

  /** Whether a rollback may leave some of it. */
  get isLasting(): boolean {
    return this.#lasting;
  }

  /** Hands everything over, what comes later too. */
  moveTo(other: TakesChanges): void {
    const changes = this.#changes;
    this.forget(other);
    void other.add(changes);
  }

  /** It was rolled back: only what comes later goes to `other`. */
  forget(other: TakesChanges): void {
    this.#outer = other;
    this.#changes = [];
  }
}
