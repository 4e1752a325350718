import type { Footprint } from '../entry/footprint.js';
import { type Change, modelKey } from './change.js';
import type { LogRecord } from './log-record.js';
import { mayAffect } from './may-affect.js';

/** One change at its place in the log. */
interface Posting {
  readonly seq: number;
  readonly change: Change;
}

/**
 * The newest records of the log, arranged by what they are about.
 *
 * Judging an entry costs one look-up per model it depends on while nothing happened to them, and otherwise an
 * evaluation of only those records that are newer than the entry.
 */
export class RecordIndex {
  readonly #retention: number;
  /** By subject, oldest first. */
  readonly #postings = new Map<string, Posting[]>();
  #everythingSeq = 0;
  #records: LogRecord[] = [];
  #base: number;

  /**
   * @param base - The position before the first record it will be given.
   * @param retention - How many records it keeps at least; older ones are dropped and `base` moves forward.
   */
  constructor(base: number, retention: number) {
    this.#base = base;
    this.#retention = retention;
  }

  /** Every record after this position is here. What is stamped before it cannot be judged any more. */
  get base(): number {
    return this.#base;
  }

  /** Adds the record that follows the last one. */
  append(record: LogRecord): void {
    this.#records.push(record);
    this.#post(record);
    // Dropping in bulk keeps the cost per record constant.
    if (this.#records.length >= 2 * this.#retention) this.#restart(this.#records.slice(-this.#retention));
  }

  /** Adds `records`, which lead without a gap up to {@link base}, so that older entries can be judged again. */
  prepend(records: readonly LogRecord[]): void {
    this.#restart([...records, ...this.#records]);
  }

  /** How many records are here. */
  get size(): number {
    return this.#records.length;
  }

  /** The records after `seq`, oldest first, as far as they are here: the newest `most`. */
  since(seq: number, most: number): readonly LogRecord[] {
    return this.#records.filter((record) => record.seq > seq).slice(-most);
  }

  /** Whether a record after `seq` may affect `footprint`. */
  affectedSince(footprint: Footprint, seq: number): boolean {
    if (this.#everythingSeq > seq) return true;
    for (const { model } of footprint.dependencies) {
      if (this.#anyAffects(footprint, this.#postings.get(modelSubject(model)), seq)) return true;
    }
    for (const tag of footprint.tags) {
      if (this.#anyAffects(footprint, this.#postings.get(tagSubject(tag)), seq)) return true;
    }
    return false;
  }

  #anyAffects(footprint: Footprint, postings: readonly Posting[] | undefined, seq: number): boolean {
    if (postings === undefined) return false;
    // Newest first: an entry that was judged lately ends the walk at once.
    for (let i = postings.length - 1; i >= 0; i--) {
      const posting = postings[i];
      if (posting === undefined || posting.seq <= seq) return false;
      if (mayAffect(footprint, posting.change)) return true;
    }
    return false;
  }

  #restart(records: LogRecord[]): void {
    const oldest = records[0];
    if (oldest !== undefined) this.#base = oldest.seq - 1;
    this.#records = records;
    this.#postings.clear();
    this.#everythingSeq = 0;
    for (const record of records) this.#post(record);
  }

  #post(record: LogRecord): void {
    if (record.intent) return;
    for (const change of record.changes) {
      if (change.kind === 'everything') {
        this.#everythingSeq = record.seq;
        continue;
      }
      const subject = change.kind === 'tag' ? tagSubject(change.tag) : modelSubject(change.model);
      const postings = this.#postings.get(subject);
      if (postings === undefined) this.#postings.set(subject, [{ seq: record.seq, change }]);
      else postings.push({ seq: record.seq, change });
    }
  }
}

// One letter keeps a tag from ever being taken for a model.
const modelSubject = (model: string): string => `m${modelKey(model)}`;
const tagSubject = (tag: string): string => `t${tag}`;
