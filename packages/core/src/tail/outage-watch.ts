import type { Clock } from '../clock.js';

/**
 * Tells whether the log was out of reach for longer than a confirmation holds.
 *
 * Others may then have changed what they could not tell it yet, so nothing kept before can be trusted. A process that
 * was merely paused itself has missed nothing that the log does not hold.
 */
export class OutageWatch {
  readonly #clock: Clock;
  readonly #limit: number;
  #reachedAt: number;
  #failing = false;

  /** @param limit - Milliseconds. */
  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#reachedAt = clock.now();
  }

  /** Whether the log has failed to answer since it was last reached, and that is too long ago. */
  get isOver(): boolean {
    return this.#failing && this.#clock.now() - this.#reachedAt > this.#limit;
  }

  /** It did not answer. */
  failed(): void {
    this.#failing = true;
  }

  /** It answered a question that was sent at `sentAt`, and nothing is missing. */
  reached(sentAt: number): void {
    this.#reachedAt = sentAt;
    this.#failing = false;
  }
}
