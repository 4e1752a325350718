import type { LogPosition, LogRecord } from '../log/log-record.js';
import type { Stamp } from '../log/stamp.js';
import type { Change } from '../match/change.js';
import type { Footprint } from '../match/footprint.js';
import { mayAffect } from '../match/may-affect.js';
import { isRecordOf } from './heard-records.js';

interface OwnRecord {
  readonly position: LogPosition;
  readonly changes: readonly Change[];
}

/**
 * Records that this process appended and up to which it has not read the log yet, because others lie between.
 *
 * They judge entries beside the tail: the writer's next read must see its write, and its position must not jump over
 * what it has not seen.
 */
export class OwnRecords {
  #records: readonly OwnRecord[] = [];

  add(position: LogPosition, changes: readonly Change[]): void {
    this.#records = [...this.#records, { position, changes }];
  }

  /** Forgets those up to which the log was read. */
  reached(tail: LogPosition): void {
    this.#keep(({ position }) => position.epoch !== tail.epoch || position.seq > tail.seq);
  }

  /**
   * Forgets those of other epochs as well: the log has just answered that `tail.epoch` is its life, to a request that
   * was asked after they were acknowledged. So theirs ended before, and every entry of this one contains their writes.
   */
  settled(tail: LogPosition): void {
    this.#keep(({ position }) => position.epoch === tail.epoch && position.seq > tail.seq);
  }

  /** Whether `record` claims the position of one of them, and is another one. */
  contradicts(epoch: string, record: LogRecord): boolean {
    return this.#records.some(
      ({ position, changes }) =>
        position.epoch === epoch && position.seq === record.seq && !isRecordOf(record, { changes }),
    );
  }

  /** Whether one of them that is not older than `stamp` may affect `footprint`. */
  mayAffect(footprint: Footprint, stamp: Stamp): boolean {
    return this.#records.some(
      ({ position, changes }) =>
        (position.epoch !== stamp.epoch || position.seq > stamp.seq) &&
        changes.some((change) => mayAffect(footprint, change)),
    );
  }

  #keep(wanted: (record: OwnRecord) => boolean): void {
    if (this.#records.length > 0) this.#records = this.#records.filter(wanted);
  }
}
