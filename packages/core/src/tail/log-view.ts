import type { Clock } from '../clock.js';
import type { SyncReply } from '../log/invalidation-log.js';
import type { LogPosition, LogRecord } from '../log/log-record.js';
import type { Stamp } from '../log/stamp.js';
import type { Footprint } from '../match/footprint.js';
import { mayAffect } from '../match/may-affect.js';
import { HeardRecords } from './heard-records.js';
import { OpenWrites } from './open-writes.js';
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
  /** Whether other processes append to the log. If none does, a message is as good as a reply. */
  readonly shared?: boolean;
}

/** Why everything from before is distrusted: nothing was known, the log has a new epoch, was trimmed too far, or a message was wrong. */
export type ResetCause = 'start' | 'epoch' | 'trimmed' | 'contradicted';

/** Where a process was when it asked the log for what follows. */
export interface AskedPosition {
  /** It asked for what follows this. `undefined`: for a beginning. */
  readonly read: LogPosition | undefined;
  /** What it had heard of: the log has that, or a message was wrong. */
  readonly heardOf: LogPosition | undefined;
}

/** What one process has heard of the log, whenever that was: up to where, which records, and who is writing. */
export class LogView {
  readonly #clock: Clock;
  readonly #retention: number;
  readonly #own = new OwnRecords();
  readonly #writes: OpenWrites;
  readonly #history = new PositionHistory();
  readonly #heard = new HeardRecords();
  readonly #shared: boolean;
  /** What is judged at the level of models from here on. */
  readonly widened: WidenedModels = new WidenedModels();
  #position: LogPosition | undefined;
  #read: LogPosition | undefined;
  #doubts: number | undefined;
  #doubted = false;
  #records: RecordIndex;

  constructor({ clock, retention, fence, shared = true }: LogViewOptions) {
    this.#clock = clock;
    this.#shared = shared;
    this.#retention = retention;
    // Without another process, a log that is gone took its writers with it.
    this.#writes = new OpenWrites(clock, shared ? fence : 0);
    this.#records = new RecordIndex(0, retention);
  }

  /**
   * Every record up to here was read in the log: not only heard of in a message. The next sync asks for what follows.
   *
   * `undefined` before the log answered for the first time, and after a message turned out to be wrong.
   */
  get read(): LogPosition | undefined {
    return this.#doubted ? undefined : this.#read;
  }

  get asked(): AskedPosition {
    return { read: this.read, heardOf: this.#position };
  }

  /** Every record up to here is known, if no message was wrong. `undefined` before the log answered for the first time. */
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

  /** Whether no record after `stamp` may have changed the result with `footprint`. */
  isUnaffected(stamp: Stamp, narrow: Footprint): boolean {
    const footprint = this.widened.over(narrow);
    if (stamp !== this.#position) {
      if (stamp.epoch !== this.#position?.epoch || stamp.seq < this.#records.base) return false;
      if (stamp.doubts !== this.#doubts) return false;
      if (this.#records.affectedSince(footprint, stamp.seq)) return false;
    }
    return !this.#own.mayAffect(footprint, stamp);
  }

  /** Whether a write that was announced, or may have been to a log which is gone, may be changing `footprint` now. */
  hasOpenWrite(footprint: Footprint): boolean {
    return this.#writes.mayAffect(this.widened.over(footprint));
  }

  /** Whether a write whose lease is over, so that no outcome is expected any more, may still change `footprint`. */
  mayStillCommit(footprint: Footprint): boolean {
    return this.#writes.expiredMayAffect(this.widened.over(footprint));
  }

  /** Whether writes that were announced to a log which is gone may still commit. */
  get isQuarantined(): boolean {
    return this.#writes.isQuarantined;
  }

  /** `stamp` of another process, as one of this process. What another process stamps for others, it has read. */
  adopt({ epoch, seq }: Stamp): Stamp {
    return this.#doubts === undefined ? { epoch, seq } : { epoch, seq, doubts: this.#doubts };
  }

  /**
   * A stamp for other processes that means the same as `stamp`, but rests on nothing that was only heard of.
   *
   * @returns `undefined` if there is none until the log was read up to `stamp`, or never.
   */
  provenStamp(stamp: Stamp, footprint: Footprint): Stamp | undefined {
    const read = this.#read;
    if (this.#doubted || stamp.doubts !== this.#doubts || read?.epoch !== stamp.epoch) return undefined;
    if (stamp.seq <= read.seq) return { epoch: stamp.epoch, seq: stamp.seq };
    const heardOf = this.#records.since(read.seq, Number.POSITIVE_INFINITY).some(({ seq, intent, changes }) => {
      return seq <= stamp.seq && intent !== true && changes.some((change) => mayAffect(footprint, change));
    });
    return heardOf || this.#records.base > read.seq ? undefined : { epoch: read.epoch, seq: read.seq };
  }

  /** Takes in a message: that the log has put `record` at its position. */
  hear(epoch: string, record: LogRecord): 'applied' | 'known' | 'ahead' | 'contradicted' {
    const known = this.#position;
    if (known === undefined || epoch !== known.epoch || record.seq > known.seq + 1) return 'ahead';
    if (record.seq <= (this.#read?.seq ?? 0)) return 'known';
    if (record.seq <= known.seq) return this.#heard.contradicts(record) ? this.#doubt() : 'known';
    if (this.#own.contradicts(epoch, record)) return this.#doubt();
    if (this.#shared) this.#heard.add(record);
    const position = this.apply(known, record);
    if (!this.#shared) this.#read = position;
    return 'applied';
  }

  /** Forgets what was heard of and not read, and everything that rests on it: a message was wrong. */
  #doubt(): 'contradicted' {
    const read = this.#read as LogPosition;
    this.#doubts = (this.#doubts ?? 0) + 1;
    this.#doubted = true;
    this.#heard.clear();
    this.#position = this.adopt(read);
    this.#history.restarted(this.#clock.now());
    this.distrust();
    return 'contradicted';
  }

  /** Takes in the record that follows `before`. */
  apply(before: LogPosition, record: LogRecord): LogPosition {
    const position = this.adopt({ epoch: before.epoch, seq: record.seq });
    this.#position = position;
    this.#history.moved(before, this.#clock.now());
    this.#records.append(record);
    this.#writes.apply(record);
    return position;
  }

  /**
   * Takes in a record of this process. The position never jumps over records that were not seen.
   *
   * @returns `known` if every record up to it is; `ahead` if others lie between, `another-life` if the log has begun one:
   * it then judges entries beside the others. `contradicted` if a message had put something else in its place.
   */
  takeOwn(
    position: LogPosition,
    { changes, closes: intents }: Pick<PendingCommit, 'changes' | 'closes'>,
  ): 'known' | 'ahead' | 'another-life' | 'contradicted' {
    const known = this.#position;
    const closes = intents.filter(({ epoch }) => epoch === position.epoch).map(({ seq }) => seq);
    if (known === undefined || position.epoch !== known.epoch) {
      this.#own.add(position, changes);
      return 'another-life';
    }
    if (position.seq > known.seq + 1) {
      this.#own.add(position, changes);
      return 'ahead';
    }
    if (position.seq === known.seq + 1) {
      const applied = this.apply(known, { seq: position.seq, changes, closes });
      if (this.#read?.seq === known.seq) this.#readUpTo(applied);
      else this.#heard.addOwn(position.seq, { changes, closes });
    } else if (position.seq > (this.#read?.seq ?? 0)) {
      const contradicted = this.#heard.contradictsOwn(position.seq, { changes, closes });
      if (!contradicted && position.seq === (this.#read?.seq ?? 0) + 1) this.#readUpTo(this.adopt(position));
      else this.#own.add(position, changes);
      if (contradicted) return this.#doubt();
    }
    return 'known';
  }

  /** Distrusts everything from before the position. */
  distrust(): void {
    this.#records = new RecordIndex(this.#position?.seq ?? 0, this.#retention);
  }

  /**
   * Takes in the reply to a request that was sent at `asked`.
   *
   * @returns Why everything from before is distrusted, if it is. After `contradicted` without a reset, the log must be asked again.
   */
  take(reply: SyncReply, asked: AskedPosition): ResetCause | undefined {
    const { epoch, head } = reply;
    const position = this.#position;
    const read = this.read;
    // A reset within the epoch that own records have made good meanwhile needs nothing; one that goes back does.
    const madeGood = asked.read !== undefined && epoch === read?.epoch && head <= read.seq && head >= asked.read.seq;
    if (position === undefined || read === undefined || (reply.kind === 'reset' && !madeGood)) {
      const because = this.#causeOf(reply);
      this.#own.settled(this.#reset(reply));
      return because;
    }
    if (epoch === asked.heardOf?.epoch && head < asked.heardOf.seq) {
      this.#doubt();
      return 'contradicted';
    }
    for (const record of reply.records) {
      if (record.seq !== (this.#read?.seq ?? 0) + 1) continue;
      if (!this.#takeRead(record)) return 'contradicted';
    }
    // The request was sent after every record of this process was acknowledged.
    this.#own.settled(this.#read ?? position);
    return undefined;
  }

  /** Takes in the record after the last one that was read. @returns Whether it is the one that was heard of, if one was. */
  #takeRead(record: LogRecord): boolean {
    const known = this.#position as LogPosition;
    if (record.seq > known.seq) {
      this.#readUpTo(this.apply(known, record));
      return true;
    }
    if (this.#heard.contradicts(record)) {
      this.#doubt();
      return false;
    }
    this.#readUpTo(this.adopt({ epoch: known.epoch, seq: record.seq }));
    return true;
  }

  #readUpTo(position: LogPosition): void {
    this.#read = position;
    this.#heard.reached(position.seq);
    this.#own.reached(position);
  }

  #causeOf({ epoch }: SyncReply): ResetCause {
    if (this.#position === undefined) return 'start';
    if (this.#position.epoch !== epoch) return 'epoch';
    return this.#doubted ? 'contradicted' : 'trimmed';
  }

  #reset({ epoch, head, intents = [] }: SyncReply): LogPosition {
    // A reset brings no records, so what was only heard of will not be read. No stamp may rest on it, nor on what lies beyond the head.
    const proven = Math.min(head, this.#read?.seq ?? 0);
    if (epoch === this.#position?.epoch && this.#position.seq > proven) this.#doubts = (this.#doubts ?? 0) + 1;
    const position = this.adopt({ epoch, seq: head });
    this.#doubted = false;
    this.#heard.clear();
    this.#read = position;
    this.#writes.reset(intents, epoch !== this.#position?.epoch);
    this.#position = position;
    // Writes that were announced to a log which is gone may commit until then, and no record will say so.
    this.#history.restarted(Math.max(this.#clock.now(), this.#writes.quarantinedUntil));
    this.distrust();
    return position;
  }
}
