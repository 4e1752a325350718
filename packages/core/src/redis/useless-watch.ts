import type { CancelTimer, Clock } from '../clock.js';
import { SILENCE } from './redis-source.js';

/** What a {@link UselessWatch} is made of. */
export interface UselessWatchOptions {
  readonly clock: Clock;
  /** For how long the connection has been ready, in milliseconds. */
  readonly age: () => number;
  /** Called when the connection is of no use. */
  readonly giveUp: () => void;
}

/**
 * Decides when a connection that is open is of no use to the log: for two seconds every script failed, by silence or by
 * an error (`LOADING`, `NOREPLICAS`, `NOPERM`, `CLUSTERDOWN`), and none was answered late.
 *
 * A server that says that it is a replica is left at once, unless the connection was made a moment ago: after a fail-over
 * another server may answer at the same address.
 */
export class UselessWatch {
  readonly #options: UselessWatchOptions;
  #cancel: CancelTimer | undefined;

  constructor(options: UselessWatchOptions) {
    this.#options = options;
  }

  /** A script was answered, in time or late. */
  answered(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  failed(error: unknown): void {
    const { clock, age, giveUp } = this.#options;
    if (isReplica(error) && age() >= SILENCE) {
      this.answered();
      giveUp();
      return;
    }
    this.#cancel ??= clock.schedule(() => {
      this.#cancel = undefined;
      giveUp();
    }, SILENCE);
  }
}

function isReplica(error: unknown): boolean {
  return error instanceof Error && /\b(READONLY|MASTERDOWN)\b/.test(error.message);
}
