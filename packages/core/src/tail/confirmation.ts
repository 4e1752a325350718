import type { Clock } from '../clock.js';

/** When the log last confirmed what this process knows, and whether the log failed for longer than a confirmation holds. */
export class Confirmation {
  readonly #clock: Clock;
  /** In milliseconds. */
  readonly #maxStaleness: number;
  #sentAt = Number.NEGATIVE_INFINITY;
  #reachedAt: number;
  #failing = false;

  /** @param maxStaleness - How long a confirmation holds, in milliseconds. */
  constructor(clock: Clock, maxStaleness: number) {
    this.#clock = clock;
    this.#maxStaleness = maxStaleness;
    this.#reachedAt = clock.now();
  }

  /** When the last confirming request was sent: a confirmation is as old as the request, not as its reply. */
  get sentAt(): number {
    return this.#sentAt;
  }

  holds(now: number = this.#clock.now()): boolean {
    return now - this.#sentAt <= this.#maxStaleness;
  }

  /**
   * Whether the log failed, and the last confirmation was sent longer ago than one holds. Other processes may have changed
   * what they could not append meanwhile, so nothing from before can be trusted.
   *
   * A process that was merely paused has missed nothing that the log does not hold.
   */
  get returns(): boolean {
    return this.#failing && this.#clock.now() - this.#reachedAt > this.#maxStaleness;
  }

  /** The log did not reply. */
  failed(): void {
    this.#failing = true;
  }

  /** Everything up to the head of the log was read by a request that was sent at `sentAt`. */
  renew(sentAt: number): void {
    this.#sentAt = Math.max(this.#sentAt, sentAt);
    this.#reachedAt = this.#sentAt;
    this.#failing = false;
  }

  /** Nothing is confirmed until a request that is sent from now on. */
  withdraw(): void {
    this.#sentAt = Number.NEGATIVE_INFINITY;
  }
}
