import type { Clock } from '../clock.js';
import { BackgroundTasks } from '../read/background-tasks.js';
import { TimeLimit } from '../resilience/time-limit.js';
import type { CacheEvents } from '../telemetry/events.js';

/** How long writes may take to notice that the database has let go of them, in milliseconds. */
const NOTICE = 500;

/** How long closing may take. */
export interface CloseBounds {
  /** In milliseconds. @defaultValue the option `closeTimeout` */
  readonly within?: number | undefined;
  /** Resolves when the database can no longer commit anything for this client: what is under way then ends shortly, or never. */
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
   * Waits until all have ended, or the bounds are reached. Reports those that may still commit as lost: other processes do not hear of their
   * changes if the process ends now.
   */
  async end(limit: TimeLimit, disconnected: Promise<void> | undefined): Promise<void> {
    const idle = this.#tasks.idle();
    const over = disconnected?.then(() => new TimeLimit(this.#clock, NOTICE).ended(idle));
    if (await limit.ended(over === undefined ? idle : Promise.race([idle, over]))) return;
    this.#events.emit({ type: 'invalidation-lost', changes: this.#tasks.size });
  }
}
