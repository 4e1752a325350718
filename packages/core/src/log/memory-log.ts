import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { TierUnavailableError } from '../errors.js';
import type { Change } from '../match/change.js';
import { IntentBook } from './intent-book.js';
import { type InvalidationLog, type LogListener, MAX_RECORDS_PER_SYNC, type SyncReply } from './invalidation-log.js';
import type { IntentTerms, LogPosition, LogRecord } from './log-record.js';

/** What a {@link MemoryLog} is made of. */
export interface MemoryLogOptions {
  readonly clock: Clock;
  /** How many records it keeps at least. @defaultValue `10_000` */
  readonly length?: number | undefined;
  /** Names its only epoch. @defaultValue a random UUID */
  readonly epoch?: string | undefined;
}

/** The log of a cache that no other process shares. Its listener has every record before `append` resolves. */
export class MemoryLog implements InvalidationLog {
  readonly name = 'memory';
  readonly shared = false;

  readonly length: number;

  readonly #clock: Clock;
  readonly #epoch: string;
  #listener: LogListener | undefined;
  #head = 0;
  /** The newest records, without a gap up to `#head`. */
  #records: LogRecord[] = [];
  readonly #intents = new IntentBook();
  #closed = false;

  constructor({ clock, length = 10_000, epoch = randomUUID() }: MemoryLogOptions) {
    this.#clock = clock;
    this.length = length;
    this.#epoch = epoch;
  }

  async append(changes: readonly Change[], closes: readonly LogPosition[] = []): Promise<LogPosition> {
    this.#assertOpen();
    const closed = closes.filter(({ epoch }) => epoch === this.#epoch).map(({ seq }) => seq);
    for (const seq of closed) this.#intents.close(seq);
    return this.#put(closed.length === 0 ? { changes } : { changes, closes: closed });
  }

  async announce(changes: readonly Change[], terms: IntentTerms): Promise<LogPosition> {
    this.#assertOpen();
    const position = this.#put({ changes, intent: true });
    this.#intents.announce(position.seq, changes, terms, this.#clock.now());
    return position;
  }

  async sync(known: LogPosition | undefined): Promise<SyncReply> {
    this.#assertOpen();
    for (const record of this.#intents.expire(this.#clock.now())) this.#put(record);
    const reply = { epoch: this.#epoch, head: this.#head, time: this.#clock.now(), began: 0 };
    const oldest = this.#head - this.#records.length;
    if (known === undefined || known.epoch !== this.#epoch || known.seq < oldest || known.seq > this.#head) {
      return { ...reply, kind: 'reset', records: [], intents: this.#intents.list() };
    }
    const from = known.seq - oldest;
    return { ...reply, kind: 'continuation', records: this.#records.slice(from, from + MAX_RECORDS_PER_SYNC) };
  }

  subscribe(listener: LogListener): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listener = undefined;
    this.#records = [];
  }

  #put(parts: Omit<LogRecord, 'seq'>): LogPosition {
    this.#head += 1;
    const record: LogRecord = { seq: this.#head, ...parts };
    this.#records.push(record);
    // Trimming half at a time keeps the cost of an append constant.
    if (this.#records.length >= this.length * 2) this.#records = this.#records.slice(-this.length);
    this.#listener?.onRecord(this.#epoch, record);
    return { epoch: this.#epoch, seq: record.seq };
  }

  #assertOpen(): void {
    if (this.#closed) throw new TierUnavailableError('The memory log is closed.');
  }
}
