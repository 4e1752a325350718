import type { Clock } from '../clock.js';
import type { Footprint } from '../entry/footprint.js';
import type { Stamp } from '../entry/stamp.js';
import type { SyncReply } from './invalidation-log.js';
import type { LogPosition, LogRecord } from './log-record.js';
import { OpenIntents } from './open-intents.js';
import { OwnRecords } from './own-records.js';
import type { PendingCommit } from './pending-changes.js';
import { PositionHistory } from './position-history.js';
import { RecordIndex } from './record-index.js';
import { WidenedModels } from './widened-models.js';

/** What a {@link LogView} is made of. */
export interface LogViewOptions {
  readonly clock: Clock;
  /** How many records it keeps at least. */
  readonly retention: number;
  /** How long a write that was announced to a log which is gone may still commit, in milliseconds. */
  readonly fence: number;
}

/** Why everything from before is distrusted: nothing was known, the log lives another life, or has forgotten too much. */
export type ResetCause = 'start' | 'epoch' | 'trimmed';

/** What one process has heard of the log, whenever that was: up to where, which records, and who is writing. */
export class LogView {
  readonly #clock: Clock;
  readonly #retention: number;
  readonly #fence: number;
  readonly #own = new OwnRecords();
  readonly #intents = new OpenIntents();
  readonly #history = new PositionHistory();
  /** What is judged at the level of models from here on, by whoever judges. */
  readonly widened: WidenedModels = new WidenedModels();
  #position: LogPosition | undefined;
  #records: RecordIndex;
  #quarantinedUntil = Number.NEGATIVE_INFINITY;

  constructor({ clock, retention, fence }: LogViewOptions) {
    this.#clock = clock;
    this.#retention = retention;
    this.#fence = fence;
    this.#records = new RecordIndex(0, retention);
  }

  /** Every record up to here is known. `undefined` before the log answered for the first time. */
  get position(): LogPosition | undefined {
    return this.#position;
  }

  get records(): RecordIndex {
    return this.#records;
  }

  /**
   * The stamp for a load that begins now at an origin which may be `lag` milliseconds behind the primary.
   *
   * @returns `undefined` if there is none: this process has not known the log for that long.
   */
  stampFor(lag: number): Stamp | undefined {
    if (this.#position === undefined) return undefined;
    return this.#history.before(lag, this.#clock.now(), this.#position);
  }

  /** Whether no record after `stamp` may have changed the answer with `footprint`. */
  isUnaffected(stamp: Stamp, given: Footprint): boolean {
    const footprint = this.widened.over(given);
    if (stamp !== this.#position) {
      if (stamp.epoch !== this.#position?.epoch || stamp.seq < this.#records.base) return false;
      if (this.#records.affectedSince(footprint, stamp.seq)) return false;
    }
    return !this.#own.mayAffect(footprint, stamp);
  }

  /** Whether a write that was announced, or may have been to a log which is gone, may be changing `footprint` now. */
  isSuspended(footprint: Footprint): boolean {
    return this.isQuarantined || this.#intents.mayAffect(this.widened.over(footprint));
  }

  /** Whether a write that nobody answers for may still change `footprint`. */
  isForsaken(footprint: Footprint): boolean {
    return this.#intents.expiredMayAffect(this.widened.over(footprint));
  }

  /** Whether writes that were announced to a log which is gone may still commit. */
  get isQuarantined(): boolean {
    return this.#clock.now() < this.#quarantinedUntil;
  }

  /** Takes in the record that follows `before`. */
  apply(before: LogPosition, record: LogRecord): LogPosition {
    const position = { epoch: before.epoch, seq: record.seq };
    this.#position = position;
    this.#history.moved(before, this.#clock.now());
    this.#records.append(record);
    this.#intents.apply(record);
    this.#own.reached(position);
    return position;
  }

  /**
   * Takes in a record of our own. The position never jumps over records that were not seen.
   *
   * @returns `known` if every record up to it is; `ahead` if others lie between, `another-life` if the log has begun one:
   * it then judges entries beside the others.
   */
  takeOwn(position: LogPosition, { changes, closes }: PendingCommit): 'known' | 'ahead' | 'another-life' {
    const known = this.#position;
    if (known === undefined || position.epoch !== known.epoch) {
      this.#own.add(position, changes);
      return 'another-life';
    }
    if (position.seq > known.seq + 1) {
      this.#own.add(position, changes);
      return 'ahead';
    }
    if (position.seq === known.seq + 1) {
      const closed = closes.filter(({ epoch }) => epoch === position.epoch).map(({ seq }) => seq);
      this.apply(known, { seq: position.seq, changes, closes: closed });
    }
    return 'known';
  }

  /** Distrusts everything from before the position. */
  distrust(): void {
    this.#records = new RecordIndex(this.#position?.seq ?? 0, this.#retention);
  }

  /**
   * Takes in the answer to a sync that was asked at `known`.
   *
   * @returns Why everything from before is distrusted, if it is.
   */
  take(reply: SyncReply, known: LogPosition | undefined): ResetCause | undefined {
    let position = this.#position;
    let because: ResetCause | undefined;
    // A reset within the epoch that pushed records have made good meanwhile needs nothing; one that goes back does.
    const madeGood = reply.epoch === position?.epoch && reply.head <= position.seq && reply.head >= (known?.seq ?? 0);
    if (position === undefined || (reply.kind === 'reset' && !madeGood)) {
      because = position === undefined ? 'start' : position.epoch === reply.epoch ? 'trimmed' : 'epoch';
      position = this.#reset(reply);
    } else {
      for (const record of reply.records) {
        if (record.seq === position.seq + 1) position = this.apply(position, record);
      }
    }
    // The question was asked after every record of ours was acknowledged.
    this.#own.settled(position);
    return because;
  }

  #reset({ epoch, head, intents = [] }: SyncReply): LogPosition {
    const position = { epoch, seq: head };
    // Within an epoch the log itself knows what is open.
    if (epoch !== this.#position?.epoch) this.#quarantinedUntil = this.#clock.now() + this.#fence;
    this.#position = position;
    // What was announced to a log which is gone may commit until then, and no record will tell.
    this.#history.restarted(Math.max(this.#clock.now(), this.#quarantinedUntil));
    this.distrust();
    this.#intents.reset(intents);
    return position;
  }
}
