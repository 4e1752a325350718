import type { CancelTimer, Clock } from '../clock.js';
import { TierOpeningError } from '../errors.js';
import { scheduleStepwise } from '../resilience/stepwise.js';

/** What a {@link RedisOpening} is made of. */
export interface RedisOpeningOptions {
  readonly clock: Clock;
  /** How long commands wait for the first reply, counted from the start, in milliseconds. */
  readonly patience: number;
  /** How long the first connection may take before its absence is a failure, in milliseconds. */
  readonly deadline: number;
  /** Called if it took longer. */
  readonly onMissed: () => void;
}

/**
 * The time until Redis answered for the first time.
 *
 * Connecting takes several round trips, more than a command may wait. Until the deadline has passed, a command that finds no
 * connection fails with {@link TierOpeningError}, which is no reason for an alarm.
 */
export class RedisOpening {
  readonly #clock: Clock;
  readonly #begunAt: number;
  readonly #patience: number;
  readonly #cancel: CancelTimer;
  #open = true;
  #connected = false;
  /** Resolves when the opening has ended. */
  readonly ended: Promise<void>;
  #end: () => void = () => {};
  readonly #waiting: Promise<void>;
  #stopWaiting: () => void = () => {};

  constructor({ clock, patience, deadline, onMissed }: RedisOpeningOptions) {
    this.#clock = clock;
    this.#patience = patience;
    this.#begunAt = clock.now();
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#waiting = new Promise((resolve) => {
      this.#stopWaiting = resolve;
    });
    const miss = (): void => {
      this.end();
      onMissed();
    };
    this.#cancel = scheduleStepwise(clock, miss, deadline);
  }

  /** Whether Redis has not answered yet, and still has time. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** How long a command may still wait for the first reply, in milliseconds. */
  get patienceLeft(): number {
    return this.#open ? Math.max(0, this.#begunAt + this.#patience - this.#clock.now()) : 0;
  }

  /** There is a connection. The opening ends when Redis has answered on it. */
  connect(): void {
    this.#connected = true;
    this.#stopWaiting();
  }

  /** Redis has answered, or it is too late, or it is no longer wanted. */
  end(): void {
    this.#open = false;
    this.#cancel();
    this.#stopWaiting();
    this.#end();
  }

  /**
   * Waits for the first connection.
   *
   * @throws {@link TierOpeningError} if there is none yet, and it still has time.
   */
  async wait(operation: string): Promise<void> {
    if (this.#connected || !this.#open) return;
    const left = this.patienceLeft;
    if (left > 0) await this.#connectedWithin(left);
    if (!this.#connected && this.#open) {
      throw new TierOpeningError(`Redis ${operation} was not sent: the first connection is not ready yet.`);
    }
  }

  async #connectedWithin(milliseconds: number): Promise<void> {
    let cancel: CancelTimer = () => {};
    const expired = new Promise<void>((resolve) => {
      cancel = scheduleStepwise(this.#clock, resolve, milliseconds);
    });
    await Promise.race([this.#waiting, expired]);
    cancel();
  }
}
