import type { Clock } from '../../../packages/core/src/clock.js';
import type { InvalidationLog, LogListener, SyncReply } from '../../../packages/core/src/log/invalidation-log.js';
import type { LogPosition, LogRecord } from '../../../packages/core/src/log/log-record.js';
import { type Change, EVERYTHING } from '../../../packages/core/src/match/change.js';
import { LogTail } from '../../../packages/core/src/tail/log-tail.js';
import { CacheEvents } from '../../../packages/core/src/telemetry/events.js';
import { ManualClock } from '../../../packages/core/src/testing/manual-clock.js';
import { type Held, held, settle } from '../../support/held.js';
import type { Expected, TailFlag, TailInput, TailState } from './tail-states.js';

const MAX_STALENESS = 900;
const userChange: Change = { kind: 'model', model: 'User', op: 'update' };
/** Of records that set the scene, and affect neither of the entries that are looked at. */
const sceneChange: Change = { kind: 'model', model: 'Comment', op: 'update' };
const users = { dependencies: [{ model: 'User' }], tags: [] };
const posts = { dependencies: [{ model: 'Post' }], tags: [] };

/** A request of the tail that waits for the test's reply. */
interface Request {
  readonly known: LogPosition | undefined;
  readonly reply: Held<SyncReply>;
  readonly sentAt: number;
  ended: boolean;
}

/** A shared log that replies to requests and appends when the test says so. */
class HeldLog implements InvalidationLog {
  readonly name = 'held';
  readonly shared = true;
  readonly length = 100;
  readonly requests: Request[] = [];
  readonly appends: Held<LogPosition>[] = [];
  /** What becomes of appends: they wait for the test, or the log takes or refuses them at once. */
  appending: 'held' | 'taken' | 'refused' = 'taken';
  /** What the log holds, the messages of which a test sends by itself. */
  readonly records: LogRecord[] = [];
  closed = false;
  listener: LogListener | undefined;
  /** Whether a request is the tail's own, and not one that reads older records back. */
  isOwn: (known: LogPosition | undefined) => boolean = () => true;
  now: () => number = () => 0;

  async append(changes: readonly Change[]): Promise<LogPosition> {
    if (this.appending === 'refused') throw new Error('refused');
    if (this.appending === 'taken') return { epoch: 'e1', seq: this.add(changes).seq };
    const append = held<LogPosition>();
    this.appends.push(append);
    return append.promise;
  }

  announce(): Promise<LogPosition> {
    throw new Error('not played');
  }

  async sync(known: LogPosition | undefined): Promise<SyncReply> {
    if (!this.isOwn(known)) throw new Error('not kept');
    const reply = held<SyncReply>();
    const request = { known, reply, sentAt: this.now(), ended: false };
    this.requests.push(request);
    return reply.promise.finally(() => {
      request.ended = true;
    });
  }

  subscribe(listener: LogListener): void {
    this.listener = listener;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  add(changes: readonly Change[]): LogRecord {
    const record = { seq: this.records.length + 1, changes };
    this.records.push(record);
    return record;
  }
}

/** What an input did, in the words of the table. */
export type Observed = Omit<Expected, 'why'>;

/** A real tail in one state, with a clock and a log that are played by hand. */
export class PlayedTail {
  readonly #manual = new ManualClock();
  /** How long the process stood still: timers did not run meanwhile. */
  #stoodStill = 0;
  readonly #log = new HeldLog();
  readonly #resets: Expected['distrusts'][number][] = [];
  readonly #tail: LogTail;
  #pausedRequest: Request | undefined;
  /** The request that raised the flag. */
  #raisedBy: Request | undefined;

  private constructor(fence: number) {
    const clock: Clock = {
      now: () => this.#manual.now() + this.#stoodStill,
      schedule: this.#manual.schedule.bind(this.#manual),
    };
    this.#log.now = clock.now;
    const events = new CacheEvents();
    events.on((event) => {
      if (event.type === 'log-reset') this.#resets.push(event.because);
    });
    const terms = fence === 0 ? undefined : { lease: fence / 3, fence };
    this.#tail = new LogTail({ log: this.#log, clock, events, maxStaleness: MAX_STALENESS, terms });
    // A request of the tail carries the very position that it has read; one that reads older records back makes its own.
    this.#log.isOwn = (known) => known === this.#tail.view.read;
  }

  /** Puts up `state`, and `flag` over it. For a reply under the flag `stranded`, a request is sent before changes wait. */
  static async at(state: TailState, flag: TailFlag | undefined, input: TailInput): Promise<PlayedTail> {
    const played = new PlayedTail(flag === 'quarantined' ? 60_000 : 0);
    await settle();
    await played.#enter(state);
    if (flag !== undefined) await played.#raise(flag, isReply(input));
    return played;
  }

  /** The state now. */
  get state(): TailState {
    if (this.#log.closed) return 'closed';
    if (this.#tail.position === undefined) return 'unknown';
    if (this.#tail.view.read === undefined) return 'doubted';
    return this.#tail.isConfirmed() ? 'confirmed' : 'unconfirmed';
  }

  /** Whether `flag` lies over `state` now. */
  raised(flag: TailFlag, state: TailState): boolean {
    if (this.state !== state) return false;
    if (flag === 'stranded') return this.#waits;
    if (flag === 'quarantined') return this.#tail.view.isQuarantined;
    return this.#raisedBy !== undefined;
  }

  /** Sends `input`. @returns What it did; `undefined` if it cannot come in this state. */
  async send(input: TailInput): Promise<Observed | undefined> {
    const before = this.#tail.position;
    const stamp = before ?? { epoch: 'e1', seq: 0 };
    const confirmedAt = this.#confirmedAt;
    this.#resets.length = 0;
    const replied = isReply(input) ? await this.#request() : undefined;
    if (isReply(input) && replied === undefined) return undefined;
    const requests = this.#log.requests.length;
    // A reply takes its time, and the confirmation is as old as the request.
    if (replied !== undefined) this.#stoodStill += 50;
    const head = await this.#play(input, replied);
    if (head === 'impossible') return undefined;
    await settle();
    const after = this.#tail.position;
    const renewed = this.#confirmedAt > confirmedAt;
    if (renewed && this.#confirmedAt !== replied?.sentAt)
      throw new Error('The confirmation is not as old as the request.');
    const withdrawn = this.#confirmedAt < confirmedAt;
    const reached = head !== undefined && (this.#tail.view.read?.seq ?? -1) >= head;
    const valid = [users, posts].map((footprint) => this.#tail.isUnaffected(stamp, footprint));
    const observed = {
      to: this.state,
      position: moveFrom(before, after),
      valid: valid[0] ? 'all' : valid[1] ? 'others' : 'none',
      distrusts: [...this.#resets],
      confirmation: renewed ? 'renewed' : withdrawn ? 'withdrawn' : reached && this.#waits ? 'refused' : 'kept',
    } as const;
    return { ...observed, asks: await this.#asksAfter(requests) };
  }

  async #enter(state: TailState): Promise<void> {
    const first = this.#underWay;
    if (state === 'unknown') {
      // An own record was acknowledged all the same: it has no place yet.
      await this.#acknowledged({ epoch: 'e1', seq: this.#log.add([sceneChange]).seq }, [sceneChange]);
      this.#manual.advance(10);
      await this.#fail(first);
      await this.#fail(this.#underWay);
    } else {
      if (first !== undefined) this.#release(first.reply, { kind: 'reset' });
      await settle();
      await this.#acknowledged({ epoch: 'e1', seq: this.#log.add([sceneChange]).seq }, [sceneChange]);
      this.#manual.advance(10);
      // Heard of, and not read yet.
      const { seq } = this.#log.add([sceneChange]);
      this.#say(seq, [sceneChange]);
    }
    if (state === 'unconfirmed') this.#stoodStill += MAX_STALENESS + 100;
    if (state === 'doubted') {
      this.#say(2, [EVERYTHING]);
      await settle();
      await this.#fail(this.#underWay);
      this.#say(2, [sceneChange]);
    }
    if (state === 'closed') await this.#tail.close();
  }

  async #raise(flag: TailFlag, forReply: boolean): Promise<void> {
    if (flag === 'asked') this.#raisedBy = await this.#request();
    if (flag === 'overtaken') {
      this.#raisedBy = await this.#request();
      await this.#acknowledged({ epoch: 'e0', seq: 7 }, [sceneChange]);
    }
    if (flag === 'returning') {
      this.#raisedBy = await this.#request();
      await this.#fail(this.#raisedBy);
      this.#stoodStill += MAX_STALENESS + 100;
    }
    if (flag === 'stranded') {
      if (forReply) this.#pausedRequest = await this.#request();
      this.#log.appending = 'refused';
      await this.#tail.append([sceneChange]);
    }
  }

  /** @returns The head of the reply, if the input was one. */
  async #play(input: TailInput, request: Request | undefined): Promise<number | 'impossible' | undefined> {
    const seq = this.#tail.position?.seq ?? 0;
    switch (input) {
      case 'message-next':
        return this.#say(seq + 1, [userChange]);
      case 'message-known':
        return this.#say(seq, [sceneChange]);
      case 'message-contradicting':
        return this.#say(seq, [userChange]);
      case 'message-gap':
        return this.#say(seq + 2, [userChange]);
      case 'message-other-epoch':
        return this.#say(seq + 1, [userChange], 'e9');
      case 'gap':
        this.#log.listener?.onGap();
        return undefined;
      case 'append':
        this.#begin([userChange]);
        return undefined;
      case 'append-failed':
        this.#begin([userChange])?.fail(new Error('refused'));
        return undefined;
      case 'ack-next':
        return this.#acknowledged({ epoch: 'e1', seq: seq + 1 }, [userChange]);
      case 'ack-known': {
        const append = this.#begin([userChange]);
        this.#say(seq + 1, [userChange]);
        append?.release({ epoch: 'e1', seq: seq + 1 });
        return undefined;
      }
      case 'ack-contradicting':
        return this.#acknowledged({ epoch: 'e1', seq }, [userChange]);
      case 'ack-ahead':
        return this.#acknowledged({ epoch: 'e1', seq: seq + 2 }, [userChange]);
      case 'ack-other-epoch':
        return this.#acknowledged({ epoch: 'e9', seq: 1 }, [userChange]);
      case 'heartbeat':
        this.#manual.advance(MAX_STALENESS / 3);
        return undefined;
      case 'bound-passes':
        this.#manual.advance(MAX_STALENESS + 1);
        return undefined;
      case 'bounded-read':
        void this.#tail.confirm();
        return undefined;
      case 'strong-read':
        void this.#tail.confirmAgain();
        return undefined;
      case 'close':
        void this.#tail.close();
        return undefined;
      default:
        return request && this.#reply(input, request);
    }
  }

  async #reply(input: TailInput, { known, reply }: Request): Promise<number | 'impossible' | undefined> {
    if (input === 'sync-failed') {
      reply.fail(new Error('gone'));
      return undefined;
    }
    if (input === 'reset-made-good') {
      // The writer's own record is the one that a message brought: it is read now.
      const { read } = this.#tail.view;
      const { length } = this.#log.records;
      if (known === undefined || read === undefined || read.seq + 1 < length) return 'impossible';
      await this.#acknowledged({ epoch: 'e1', seq: read.seq + 1 }, [sceneChange]);
      return this.#release(reply, { kind: 'reset' });
    }
    return this.#release(reply, this.#answer(input, known));
  }

  #release(reply: Held<SyncReply>, parts: Partial<SyncReply>): number {
    const whole = this.#replyOf(parts);
    reply.release(whole);
    return whole.head;
  }

  /** What the log's reply to a request for what follows `known` says in addition. */
  #answer(input: TailInput, known: LogPosition | undefined): Partial<SyncReply> {
    const position = this.#tail.position?.seq ?? 0;
    const { epoch = 'e1', seq: from = 0 } = known ?? {};
    const readOn = (): readonly LogRecord[] => this.#log.records.slice(from);
    switch (input) {
      case 'reply':
        this.#log.add([userChange]);
        return { epoch, records: readOn() };
      case 'reply-short':
        this.#log.add([userChange]);
        return { epoch, records: readOn(), head: this.#log.records.length + 1 };
      case 'reply-stuck':
        this.#log.add([userChange]);
        return { epoch };
      case 'reply-contradicting':
        return { epoch, head: Math.max(1, position), records: [{ seq: from + 1, changes: [userChange] }] };
      case 'reply-behind':
        return { epoch, head: Math.max(1, position - 1) };
      case 'reply-clock-back':
        this.#log.add([userChange]);
        return { epoch, records: readOn(), time: this.#time - 1_000 };
      case 'reset':
        return { kind: 'reset', head: this.#log.records.length + 1 };
      case 'reset-epoch':
        return { kind: 'reset', epoch: 'e2', head: 1, began: this.#time };
      case 'reset-overlapping':
        return { kind: 'reset', epoch: 'e2', head: 1, began: this.#time - 10_000 };
      default:
        throw new Error(`${input} is no reply`);
    }
  }

  #replyOf(parts: Partial<SyncReply>): SyncReply {
    const head = this.#log.records.length;
    return { epoch: 'e1', head, kind: 'continuation', records: [], time: this.#time, began: 0, ...parts };
  }

  get #time(): number {
    return this.#manual.now() + this.#stoodStill + 5_000_000;
  }

  get #confirmedAt(): number {
    return this.#manual.now() + this.#stoodStill - this.#tail.unconfirmedFor;
  }

  get #waits(): boolean {
    return this.#tail.outbox.stranded;
  }

  /** The request that waits for a reply. */
  get #underWay(): Request | undefined {
    return this.#log.requests.find(({ ended }) => !ended);
  }

  /** The request under way; a new one if there is none. */
  async #request(): Promise<Request | undefined> {
    if (this.#pausedRequest !== undefined) return this.#pausedRequest;
    void this.#tail.sync();
    await settle();
    return this.#underWay;
  }

  async #fail(request: Request | undefined): Promise<void> {
    request?.reply.fail(new Error('gone'));
    await settle();
  }

  #say(seq: number, changes: readonly Change[], epoch = 'e1'): undefined {
    this.#log.listener?.onRecord(epoch, { seq, changes });
  }

  /** Begins an append that the test acknowledges, also while the log refuses others. */
  #begin(changes: readonly Change[]): Held<LogPosition> | undefined {
    const { appending } = this.#log;
    this.#log.appending = 'held';
    void this.#tail.append(changes);
    this.#log.appending = appending;
    return this.#log.appends.at(-1);
  }

  async #acknowledged(position: LogPosition, changes: readonly Change[]): Promise<undefined> {
    this.#begin(changes)?.release(position);
    await settle();
  }

  /** Whether a request follows the first `requests`, and the one under way if it stays without a reply. */
  async #asksAfter(requests: number): Promise<boolean> {
    if (this.#log.requests.length > requests) return true;
    await this.#fail(this.#underWay);
    return this.#log.requests.length > requests;
  }
}

/** Inputs that end a request. */
function isReply(input: TailInput): boolean {
  return /^(reply|reset|sync-failed)/.test(input);
}

function moveFrom(before: LogPosition | undefined, after: LogPosition | undefined): Expected['position'] {
  if (before?.epoch !== after?.epoch) return 'begins';
  if (before === undefined || after === undefined || after.seq === before.seq) return 'stays';
  return after.seq > before.seq ? 'moves' : 'back';
}
