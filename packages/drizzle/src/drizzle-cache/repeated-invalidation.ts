import type { CancelTimer, Change, Clock } from '@cachetastic/core';

/**
 * Invalidates a second time, later: Drizzle tells of a write when it sends it (0.45) or when its statement is done (1.0),
 * which in a transaction is before the commit, so that an answer from before it may have been kept since.
 *
 * What is repeated is collected, so that it costs one record per interval at most, however much is written.
 */
export class RepeatedInvalidation {
  readonly #append: (changes: readonly Change[]) => Promise<void>;
  readonly #clock: Clock;
  readonly #after: number;
  /** Due when the timer rings. */
  #older = new Map<string, Change>();
  /** Younger than one interval when it rings: they wait for the next. */
  #younger = new Map<string, Change>();
  #cancel: CancelTimer | undefined;

  /** @param after - In milliseconds. Changes are repeated once or twice as long after they are told. 0: never. */
  constructor(append: (changes: readonly Change[]) => Promise<void>, clock: Clock, after: number) {
    this.#append = append;
    this.#clock = clock;
    this.#after = after;
  }

  /** `changes` were invalidated now. */
  add(changes: readonly Change[]): void {
    if (this.#after === 0) return;
    for (const change of changes) this.#younger.set(JSON.stringify(change), change);
    this.#cancel ??= this.#clock.schedule(() => this.#ring(), this.#after);
  }

  /** Repeats what waits at once. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const waiting = [...this.#older.values(), ...this.#younger.values()];
    this.#older.clear();
    this.#younger.clear();
    if (waiting.length > 0) await this.#append(waiting);
  }

  #ring(): void {
    const due = [...this.#older.values()];
    this.#older = this.#younger;
    this.#younger = new Map();
    this.#cancel = this.#older.size === 0 ? undefined : this.#clock.schedule(() => this.#ring(), this.#after);
    if (due.length > 0) void this.#append(due);
  }
}
