import type { LogRecord } from '../log/log-record.js';
import type { Footprint } from '../match/footprint.js';
import { RecordSegment } from './record-segment.js';

/** What records may cost a process, estimated, in bytes. */
const MOST_BYTES = 48 * 1_024 ** 2;
/** How many records are dropped at once, at most. */
const SEGMENT = 1_000;

/**
 * The newest records of the log, in segments of which the oldest is dropped when the others are enough.
 *
 * Judging an entry costs one look-up per model it depends on while nothing happened to them, and otherwise an
 * evaluation of only those records that are newer than the entry. Adding a record costs the same however many there are.
 */
export class RecordIndex {
  readonly #retention: number;
  readonly #mostBytes: number;
  readonly #segmentSize: number;
  /** Oldest first, without a gap. The last one is {@link #newest}. */
  readonly #segments: RecordSegment[];
  #newest: RecordSegment;
  #base: number;
  /** Of all segments but the newest. */
  #olderBytes = 0;

  /**
   * @param base - The position before the first record.
   * @param retention - How many records it keeps at least, unless they weigh too much; older ones are dropped and `base`
   * moves forward.
   * @param mostBytes - What they may weigh together, but for one segment: the oldest are then dropped sooner.
   */
  constructor(base: number, retention: number, mostBytes: number = MOST_BYTES) {
    this.#base = base;
    this.#retention = retention;
    this.#mostBytes = mostBytes;
    this.#segmentSize = Math.min(SEGMENT, Math.ceil(retention / 10));
    this.#newest = new RecordSegment(base);
    this.#segments = [this.#newest];
  }

  /** Every record after this position is here. What is stamped before it cannot be judged any more. */
  get base(): number {
    return this.#base;
  }

  /** How many records are here. */
  get size(): number {
    return this.#newest.end - this.#base;
  }

  /** Whether older records would be dropped with the next ones. */
  get isFull(): boolean {
    return this.size >= this.#retention || this.#weight >= this.#mostBytes;
  }

  /** Adds the record that follows the last one. */
  append(record: LogRecord): void {
    if (this.#newest.end - this.#newest.base >= this.#segmentSize) {
      this.#olderBytes += this.#newest.weight;
      this.#newest = new RecordSegment(this.#newest.end);
      this.#segments.push(this.#newest);
    }
    this.#newest.append(record);
    this.#forget();
  }

  /** Adds `records`, which lead without a gap up to {@link base}, so that older entries can be judged again. */
  prepend(records: readonly LogRecord[]): void {
    const oldest = records[0];
    if (oldest === undefined) return;
    const segment = new RecordSegment(oldest.seq - 1);
    for (const record of records) segment.append(record);
    this.#segments.unshift(segment);
    this.#base = segment.base;
    this.#olderBytes += segment.weight;
  }

  /** The records after `seq`, oldest first, as far as they are here: the newest `most`. */
  since(seq: number, most: number): readonly LogRecord[] {
    const newer = this.#segments.filter(({ end }) => end > seq);
    return newer.flatMap((segment) => segment.since(seq)).slice(-most);
  }

  /** Whether a record after `seq` may affect `footprint`. */
  affectedSince(footprint: Footprint, seq: number): boolean {
    // Newest first: an entry that was judged recently ends the walk at once.
    for (let i = this.#segments.length - 1; i >= 0; i--) {
      const segment = this.#segments[i];
      if (segment === undefined || segment.end <= seq) return false;
      if (segment.affectedSince(footprint, seq)) return true;
    }
    return false;
  }

  get #weight(): number {
    return this.#olderBytes + this.#newest.weight;
  }

  #forget(): void {
    for (;;) {
      const [oldest, next] = this.#segments;
      if (oldest === undefined || next === undefined) return;
      if (this.#newest.end - next.base < this.#retention && this.#weight <= this.#mostBytes) return;
      this.#segments.shift();
      this.#olderBytes -= oldest.weight;
      this.#base = next.base;
    }
  }
}
