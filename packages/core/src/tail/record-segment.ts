import { weightOf } from '../entry/weight.js';
import type { LogRecord } from '../log/log-record.js';
import { type Change, modelKey } from '../match/change.js';
import type { Footprint } from '../match/footprint.js';
import { mayAffect } from '../match/may-affect.js';

/** One change at its place in the log. */
interface Posting {
  readonly seq: number;
  readonly change: Change;
}

/** Records that follow each other, arranged by what they are about. */
export class RecordSegment {
  /** The position before its first record. */
  readonly base: number;
  readonly #records: LogRecord[] = [];
  /** By subject, oldest first. */
  readonly #postings = new Map<string, Posting[]>();
  #everythingSeq = 0;
  #weight = 0;

  constructor(base: number) {
    this.base = base;
  }

  /** The position of its last record. */
  get end(): number {
    return this.base + this.#records.length;
  }

  /** What its records cost, estimated, in bytes. */
  get weight(): number {
    return this.#weight;
  }

  /** Adds the record that follows {@link end}. */
  append(record: LogRecord): void {
    this.#records.push(record);
    // The names that changes share count every time, which makes up for the record itself and its postings.
    this.#weight += weightOf(record.changes);
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

  /** Its records after `seq`, oldest first. */
  since(seq: number): readonly LogRecord[] {
    return this.#records.slice(Math.max(0, seq - this.base));
  }

  /** Whether one of its records after `seq` may affect `footprint`. */
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
    // Newest first: an entry that was judged recently ends the walk at once.
    for (let i = postings.length - 1; i >= 0; i--) {
      const posting = postings[i];
      if (posting === undefined || posting.seq <= seq) return false;
      if (mayAffect(footprint, posting.change)) return true;
    }
    return false;
  }
}

// One letter keeps a tag from ever being taken for a model.
const modelSubject = (model: string): string => `m${modelKey(model)}`;
const tagSubject = (tag: string): string => `t${tag}`;
