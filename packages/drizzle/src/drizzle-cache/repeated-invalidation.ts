import type { CancelTimer, Change, Clock } from '@cachetastic/core';

/**
 * Repeats invalidations later. Drizzle reports a write when it sends it (0.45) or when its statement has ended (1.0), in a
 * transaction before the commit. So a result from before the commit may be cached after the first invalidation.
 *
 * Changes are collected, so that repeating them appends at most one record per interval.
 */
export class RepeatedInvalidation {
  readonly #append: (changes: readonly Change[]) => Promise<void>;
  readonly #clock: Clock;
  readonly #after: number;
  /** Changes that the next timer repeats. */
  #older = new Map<string, Change>();
  /** Changes of the present interval, which the timer after it repeats. */
  #younger = new Map<string, Change>();
  #cancel: CancelTimer | undefined;

  /** @param after - In milliseconds. Changes are repeated after one to two such times. 0: never. */
  constructor(append: (changes: readonly Change[]) => Promise<void>, clock: Clock, after: number) {
    this.#append = append;
    this.#clock = clock;
    this.#after = after;
  }

  /** Repeats `changes`, which were invalidated now. */
  add(changes: readonly Change[]): void {
    if (this.#after === 0) return;
    for (const change of changes) this.#younger.set(JSON.stringify(change), change);
    this.#cancel ??= this.#clock.schedule(() => this.#repeat(), this.#after);
  }

  /** Repeats all waiting changes now. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const waiting = [...this.#older.values(), ...this.#younger.values()];
    this.#older.clear();
    this.#younger.clear();
    if (waiting.length > 0) await this.#append(waiting);
  }

  #repeat(): void {
    const due = [...this.#older.values()];
    this.#older = this.#younger;
    this.#younger = new Map();
    this.#cancel = this.#older.size === 0 ? undefined : this.#clock.schedule(() => this.#repeat(), this.#after);
    if (due.length > 0) void this.#append(due);
  }
}
