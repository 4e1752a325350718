import type { Change } from './change.js';

/** Collects what a transaction changed, until it is known whether it counts. */
export class TransactionChanges {
  readonly #append: (changes: readonly Change[]) => Promise<unknown>;
  #changes: Change[] = [];

  /** @param append - Appends the changes of one commit; never rejects. */
  constructor(append: (changes: readonly Change[]) => Promise<unknown>) {
    this.#append = append;
  }

  add(changes: readonly Change[]): void {
    this.#changes.push(...changes);
  }

  /**
   * It committed, or nobody knows: appends everything at once.
   *
   * Resolves when this process reads what was written. Never rejects.
   */
  async commit(): Promise<void> {
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length > 0) await this.#append(changes);
  }

  /** It certainly rolled back: forgets everything. */
  rollback(): void {
    this.#changes = [];
  }
}
