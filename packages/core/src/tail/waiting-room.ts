import type { CancelTimer, Clock } from '../clock.js';
import { beforeExit } from '../resilience/before-exit.js';
import { holdProcess } from '../resilience/process-hold.js';

/** How long a process that has nothing else to do stays alive for what waits, in milliseconds. */
const LONGEST_STAY = 5_000;
/** The pause between two attempts to deliver then, in milliseconds. */
const PAUSE = 200;

/** What a {@link WaitingRoom} is made of. */
export interface WaitingRoomParts {
  readonly clock: Clock;
  /** For how long changes may wait without a report, in milliseconds. */
  readonly limit: number;
  /** Called once for each time that changes wait for longer. */
  readonly onDelayed: () => void;
  /** Tries to deliver what waits. Never rejects. */
  readonly deliver: () => Promise<unknown>;
  /** Called when the process is about to end and nothing could be delivered. */
  readonly giveUp: () => Promise<unknown>;
}

/** Looks after changes while they wait for the log: reports a long wait, and delivers them before the process ends by itself. */
export class WaitingRoom {
  readonly #parts: WaitingRoomParts;
  #cancelReport: CancelTimer | undefined;
  #stopListening: (() => void) | undefined;
  #staying = false;

  constructor(parts: WaitingRoomParts) {
    this.#parts = parts;
  }

  /** Changes wait from now on, if they did not before. */
  enter(): void {
    const { clock, limit, onDelayed } = this.#parts;
    this.#cancelReport ??= clock.schedule(onDelayed, limit);
    this.#stopListening ??= beforeExit(() => void this.#stay());
  }

  /** Nothing waits any more, or nothing is to be done about it. */
  leave(): void {
    this.#cancelReport?.();
    this.#cancelReport = undefined;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  async #stay(): Promise<void> {
    if (this.#staying) return;
    this.#staying = true;
    const { clock, deliver, giveUp } = this.#parts;
    const release = holdProcess(clock);
    const until = clock.now() + LONGEST_STAY;
    while (this.#stopListening !== undefined && clock.now() < until) {
      await deliver();
      if (this.#stopListening !== undefined) await new Promise<void>((resolve) => clock.schedule(resolve, PAUSE));
    }
    if (this.#stopListening !== undefined) {
      this.leave();
      await giveUp();
    }
    this.#staying = false;
    release();
  }
}
