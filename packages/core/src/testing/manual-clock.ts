import type { CancelTimer, Clock } from '../clock.js';
import { type Duration, toMilliseconds } from '../duration.js';

interface Timer {
  readonly due: number;
  readonly task: () => void;
}

/** A clock for tests that moves only when a test calls {@link advance}. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  /** @param start - Milliseconds. @defaultValue an arbitrary time */
  constructor(start = 1_000_000) {
    this.#now = start;
  }

  /** How many tasks are waiting. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  schedule(task: () => void, delay: number): CancelTimer {
    const timer: Timer = { due: this.#now + Math.max(0, delay), task };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /**
   * Advances the time, and runs the tasks that become due in order, each at its own time; also those that tasks schedule.
   *
   * @param by - Milliseconds, or a string with a unit: `'5m'`. (In options a number is seconds.)
   */
  advance(by: number | Extract<Duration, string>): void {
    const until = this.#now + (typeof by === 'number' ? by : toMilliseconds('by', by, { zero: true }));
    for (let next = this.#nextUntil(until); next !== undefined; next = this.#nextUntil(until)) {
      this.#timers.delete(next);
      this.#now = next.due;
      next.task();
    }
    this.#now = until;
  }

  #nextUntil(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    }
    return next;
  }
}
