import type { Change, TransactionChanges } from '@cachetastic/core';

/** What one transaction, or a savepoint in one, changed so far. */
export class TransactionScope {
  /** Resolves when the transaction has ended, and nothing of it is under way. */
  readonly ended: Promise<void>;
  #changes: Change[] = [];
  #lasting = false;

  constructor(ended: Promise<void>) {
    this.ended = ended;
  }

  /** Holds `changes` back until it ends. */
  add(changes: readonly Change[]): void {
    this.#changes.push(...changes);
    // SQL that nobody can tell may have committed, or written elsewhere.
    if (changes.some(({ kind }) => kind === 'everything')) this.#lasting = true;
  }

  /** Whether a rollback may leave some of it. */
  get isLasting(): boolean {
    return this.#lasting;
  }

  /** Hands everything over. */
  moveTo(other: Pick<TransactionChanges, 'add'>): void {
    other.add(this.#changes);
    this.#changes = [];
  }
}
