import type { SyncReply } from '../log/invalidation-log.js';
import type { CacheEvents } from '../telemetry/events.js';

/** How far two measurements may be apart without a step of a clock between them, in milliseconds. */
const SLACK = 250;
/** How much two clocks drift apart at most, of the time that has passed. */
const DRIFT = 0.001;

/**
 * The log's time, by which entries are dated, as this process knows it.
 *
 * It is measured with every sync, because either clock can be set while a process runs, and a process can be suspended. Within the time
 * that a reply took, it is not known exactly: as long as the replies allow it, it stays what it was.
 */
export class LogTime {
  readonly #events: CacheEvents;
  #epoch: string | undefined;
  /** The log's time minus this process's. */
  #offset = 0;
  #changedAt = 0;

  constructor(events: CacheEvents) {
    this.#events = events;
  }

  at(now: number): number {
    return now + this.#offset;
  }

  /**
   * Takes in the reply to a request that was sent at `sentAt`. The reply arrived before `now`.
   *
   * @returns Whether the log's time went back within its epoch. What was dated before is then older than its date says.
   */
  measure({ epoch, time }: Pick<SyncReply, 'epoch' | 'time'>, sentAt: number, now: number): boolean {
    // The log replied after the request was sent and before the reply arrived.
    const [least, most] = [time - now, time - sentAt];
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#set(most, now);
      return false;
    }
    const ahead = this.#offset - most;
    if (ahead <= 0 && this.#offset >= least) return false;
    // Small differences are how exactly the time is known: lowered, it would make entries younger.
    if (ahead > 0 && ahead <= SLACK) return false;
    const drifted = ahead > 0 && ahead <= SLACK + DRIFT * (now - this.#changedAt);
    this.#set(most, now);
    if (ahead <= 0 || drifted) return false;
    this.#events.emit({ type: 'widened', query: 'sync', reason: 'clock-set-back' });
    return true;
  }

  #set(offset: number, now: number): void {
    this.#offset = offset;
    this.#changedAt = now;
  }
}
