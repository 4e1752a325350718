import type { LogRecord } from '../log/log-record.js';
import { decodeChanges, encodeRecord } from '../log/record-codec.js';

/** More than these between two syncs are not remembered. What cannot be compared counts as contradicted. */
const MOST = 20_000;

/** What this process took for the record of a position, without having read it in the log. */
type Heard = { readonly record: LogRecord } | { readonly own: OwnRecord };

/** What this process appended. */
type OwnRecord = Pick<LogRecord, 'changes' | 'closes'>;

/**
 * The records after the position up to which this process has read the log itself.
 *
 * Messages bring them sooner than a sync does. But a message can be forged, mixed up or cut short, so the next sync reads the same records
 * again, and each has to be the one that was taken for it.
 */
export class HeardRecords {
  readonly #heard = new Map<number, Heard>();

  /** A message said that this is the record of its position. */
  add(record: LogRecord): void {
    this.#add(record.seq, { record });
  }

  /** The log acknowledged that `own` is the record at `seq`. */
  addOwn(seq: number, own: OwnRecord): void {
    this.#add(seq, { own });
  }

  /** Whether the record of this position was taken for another one, or it is not known for which. */
  contradicts(record: LogRecord): boolean {
    const heard = this.#heard.get(record.seq);
    if (heard === undefined) return true;
    if ('own' in heard) return !isRecordOf(record, heard.own);
    return JSON.stringify(heard.record) !== JSON.stringify(record);
  }

  /** Whether something else than `own` was taken for the record at `seq`. */
  contradictsOwn(seq: number, own: OwnRecord): boolean {
    const heard = this.#heard.get(seq);
    return heard === undefined || ('record' in heard && !isRecordOf(heard.record, own));
  }

  /** The log was read up to here. */
  reached(seq: number): void {
    // They came in the order of their positions.
    for (const heard of this.#heard.keys()) {
      if (heard > seq) break;
      this.#heard.delete(heard);
    }
  }

  clear(): void {
    this.#heard.clear();
  }

  #add(seq: number, heard: Heard): void {
    if (this.#heard.size >= MOST) this.#heard.clear();
    this.#heard.set(seq, heard);
  }
}

/** Whether `record` is what the log made of `own`: it can say less than the changes that were appended. */
export function isRecordOf({ changes, intent, closes = [] }: LogRecord, own: OwnRecord): boolean {
  const { closes: closed = closes } = own;
  const written = decodeChanges(encodeRecord(own.changes).text);
  return intent !== true && JSON.stringify([changes, closes]) === JSON.stringify([written, closed]);
}
