import type { Clock } from '../clock.js';
import { BackgroundTasks } from '../read/background-tasks.js';
import { TimeLimit } from '../resilience/time-limit.js';
import type { CacheEvents } from '../telemetry/events.js';

/** How long writes may take to settle once the client has disconnected, in milliseconds. */
const NOTICE = 500;

/** How long closing may take. */
export interface CloseBounds {
  /** In milliseconds. @defaultValue the option `closeTimeout` */
  readonly within?: number | undefined;
  /** Resolves when the database can no longer commit anything for this client: writes under way then settle soon, or never. */
  readonly disconnected?: Promise<void> | undefined;
}

/** The writes and transactions that have begun and not ended, which closing waits for. */
export class WritesUnderWay {
  readonly #tasks = new BackgroundTasks();
  readonly #clock: Clock;
  readonly #events: CacheEvents;

  constructor(clock: Clock, events: CacheEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** Keeps track of a write until it settles. */
  add(writing: Promise<unknown>): void {
    const settled = (): void => {};
    this.#tasks.add(writing.then(settled, settled));
  }

  /**
   * Waits until all have ended, or the bounds are reached. Reports those that may still commit as lost: if the process ends
   * now, other processes do not learn of their changes.
   */
  async end(limit: TimeLimit, disconnected: Promise<void> | undefined): Promise<void> {
    const idle = this.#tasks.idle();
    const over = disconnected?.then(() => new TimeLimit(this.#clock, NOTICE).ended(idle));
    if (await limit.ended(over === undefined ? idle : Promise.race([idle, over]))) return;
    this.#events.emit({ type: 'invalidation-lost', changes: this.#tasks.size });
  }
}
