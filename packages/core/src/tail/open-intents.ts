import type { LogRecord, OpenIntent } from '../log/log-record.js';
import type { Footprint } from '../match/footprint.js';
import { mayAffect } from '../match/may-affect.js';

/** The announced writes whose end this process has not heard of. */
export class OpenIntents {
  readonly #open = new Map<number, OpenIntent>();

  /** Starts over with what the log says is open. */
  reset(open: readonly OpenIntent[]): void {
    this.#open.clear();
    for (const intent of open) this.#open.set(intent.seq, intent);
  }

  /** Takes in the next record. */
  apply({ seq, changes, intent, closes, expires }: LogRecord): void {
    if (intent) this.#open.set(seq, { seq, changes, expired: false });
    if (expires !== undefined) this.#open.set(expires, { seq: expires, changes, expired: true });
    for (const closed of closes ?? []) this.#open.delete(closed);
  }

  /** Whether a write that is under way may affect `footprint`. */
  mayAffect(footprint: Footprint): boolean {
    return this.#some(footprint, () => true);
  }

  /** Whether a write that nobody answers for may still affect `footprint`. */
  expiredMayAffect(footprint: Footprint): boolean {
    return this.#some(footprint, ({ expired }) => expired);
  }

  #some(footprint: Footprint, wanted: (intent: OpenIntent) => boolean): boolean {
    for (const intent of this.#open.values()) {
      if (wanted(intent) && intent.changes.some((change) => mayAffect(footprint, change))) return true;
    }
    return false;
  }
}
