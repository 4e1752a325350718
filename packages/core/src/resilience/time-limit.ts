import type { Clock } from '../clock.js';

/** A time by which several waits, one after the other, must have ended. */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #end: number;

  /** @param milliseconds - From now. */
  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock;
    this.#end = clock.now() + milliseconds;
  }

  /** How many milliseconds are left. */
  get left(): number {
    return Math.max(0, this.#end - this.#clock.now());
  }

  /** Waits for `work`, which must not reject, until the time is up. @returns Whether it ended in time. */
  async ended(work: Promise<unknown>): Promise<boolean> {
    let cancel = (): void => {};
    const late = new Promise<false>((resolve) => {
      // One more turn of the event loop: if this process was busy, what ended may be waiting to be noticed.
      cancel = this.#clock.schedule(() => {
        cancel = this.#clock.schedule(() => resolve(false), 0);
      }, this.left);
    });
    try {
      return await Promise.race([work.then(() => true), late]);
    } finally {
      cancel();
    }
  }
}
