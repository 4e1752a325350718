import type { Change } from '../match/change.js';
import type { IntentTerms, LogRecord, OpenIntent } from './log-record.js';

interface Entry {
  readonly changes: readonly Change[];
  readonly expired: boolean;
  /** When it runs out next, in milliseconds. */
  readonly due: number;
  readonly fenceAt: number;
}

/** The open intents of a log that keeps its records itself. */
export class IntentBook {
  readonly #entries = new Map<number, Entry>();

  announce(seq: number, changes: readonly Change[], { lease, fence }: IntentTerms, now: number): void {
    this.#entries.set(seq, { changes, expired: false, due: now + lease, fenceAt: now + fence });
  }

  close(seq: number): void {
    this.#entries.delete(seq);
  }

  list(): readonly OpenIntent[] {
    return [...this.#entries].map(([seq, { changes, expired }]) => ({ seq, changes, expired }));
  }

  /** Lets run out what is due, and returns what the log has to append for it. */
  expire(now: number): readonly Omit<LogRecord, 'seq'>[] {
    const records: Omit<LogRecord, 'seq'>[] = [];
    for (const [seq, { changes, expired, due, fenceAt }] of this.#entries) {
      if (due > now) continue;
      if (expired) {
        this.#entries.delete(seq);
        records.push({ changes, closes: [seq] });
      } else {
        this.#entries.set(seq, { changes, expired: true, due: fenceAt, fenceAt });
        records.push({ changes, expires: seq });
      }
    }
    return records;
  }
}
