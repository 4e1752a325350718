import type { Clock } from '../clock.js';
import type { LogRecord, OpenIntent } from '../log/log-record.js';
import type { Footprint } from '../match/footprint.js';
import { mayAffect } from '../match/may-affect.js';

/** The writes that may still commit: those announced to the log, and after a new epoch all that were announced before it. */
export class OpenWrites {
  readonly #clock: Clock;
  /** How long a write that was announced to a log which is gone may still commit, in milliseconds. */
  readonly #fence: number;
  readonly #open = new Map<number, OpenIntent>();
  /** By the clock of this process. */
  quarantinedUntil: number = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, fence: number) {
    this.#clock = clock;
    this.#fence = fence;
  }

  /** Whether writes that were announced to a log which is gone may still commit. */
  get isQuarantined(): boolean {
    return this.#clock.now() < this.quarantinedUntil;
  }

  /** Starts over with the intents that the log has, in another epoch if `anotherEpoch`. */
  reset(open: readonly OpenIntent[], anotherEpoch: boolean): void {
    this.#open.clear();
    for (const intent of open) this.#open.set(intent.seq, intent);
    // Within an epoch the log itself knows what is open. Without intents nothing is, so no clock decides.
    if (this.#fence > 0 && anotherEpoch) this.quarantinedUntil = this.#clock.now() + this.#fence;
  }

  /** Takes in the next record. */
  apply({ seq, changes, intent, closes, expires }: LogRecord): void {
    if (intent) this.#open.set(seq, { seq, changes, expired: false });
    if (expires !== undefined) this.#open.set(expires, { seq: expires, changes, expired: true });
    for (const closed of closes ?? []) this.#open.delete(closed);
  }

  /** Whether one of them may affect `footprint`. */
  mayAffect(footprint: Footprint): boolean {
    return this.isQuarantined || this.#some(footprint, () => true);
  }

  /** Whether one of them whose lease is over, so that no outcome is expected any more, may affect `footprint`. */
  expiredMayAffect(footprint: Footprint): boolean {
    return this.#some(footprint, ({ expired }) => expired);
  }

  #some(footprint: Footprint, counts: (intent: OpenIntent) => boolean): boolean {
    for (const intent of this.#open.values()) {
      if (counts(intent) && intent.changes.some((change) => mayAffect(footprint, change))) return true;
    }
    return false;
  }
}
