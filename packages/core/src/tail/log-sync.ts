import type { Clock } from '../clock.js';
import type { InvalidationLog, SyncReply } from '../log/invalidation-log.js';
import type { LogPosition } from '../log/log-record.js';
import type { CacheEvents } from '../telemetry/events.js';
import type { Confirmation } from './confirmation.js';
import { LogLives } from './log-lives.js';
import { LogTime } from './log-time.js';
import type { AskedPosition, LogView, ResetCause } from './log-view.js';
import type { Outbox } from './outbox.js';
import { recall } from './recall.js';
import type { TailReport } from './tail-report.js';

/** What a {@link LogSync} is made of. */
export interface LogSyncParts {
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly events: CacheEvents;
  readonly view: LogView;
  readonly outbox: Outbox;
  readonly confirmation: Confirmation;
  readonly report: TailReport;
}

/**
 * How a request ended. `overtaken`: what is known was distrusted after the request was sent, so the reply was dropped.
 */
export type SyncOutcome = 'confirmed' | 'overtaken' | 'unavailable';

/** The requests of one process to the log for what it lacks, and what their replies do. */
export class LogSync {
  readonly #parts: LogSyncParts;
  readonly #lives = new LogLives();
  readonly #time: LogTime;
  /** Changes when what is known is distrusted: replies to requests from before are dropped. */
  #life = 0;
  #underWay: Promise<SyncOutcome> | undefined;
  #closed = false;
  /** How often everything was distrusted, the start included. */
  resets = 0;

  constructor(parts: LogSyncParts) {
    this.#parts = parts;
    this.#time = new LogTime(parts.events);
  }

  /** The log's time at `now`, in milliseconds. */
  time(now: number): number {
    return this.#time.at(now);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Joins the request under way, or sends one. Never rejects. */
  run(): Promise<SyncOutcome> {
    if (this.#closed) return Promise.resolve('unavailable');
    this.#underWay ??= this.#run().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Sends a request from now on: the reply to the one under way may not have what the process has heard of. */
  runAgain(): void {
    void (this.#underWay?.then(() => this.run()) ?? this.run());
  }

  /** Resolves when the request that is under way now has ended. */
  ended(): Promise<unknown> | undefined {
    return this.#underWay;
  }

  /** Sends no further request, after those under way have ended. */
  async close(): Promise<void> {
    while (this.#underWay !== undefined) await this.#underWay;
    this.#closed = true;
  }

  /** The log acknowledged a record of this process. */
  acknowledged({ epoch }: LogPosition): void {
    this.#lives.acknowledged(epoch, this.#parts.clock.now());
  }

  /** Nothing is confirmed until a request that is sent from now on. */
  withdraw(): void {
    this.#life++;
    this.#parts.confirmation.withdraw();
  }

  async #run(): Promise<SyncOutcome> {
    const { log, clock, view, outbox, confirmation } = this.#parts;
    const { returns } = confirmation;
    let marked = !returns;
    for (;;) {
      const delivery = outbox.flush();
      if (delivery !== undefined && !(await delivery)) return 'unavailable';
      marked ||= delivery !== undefined;
      const life = this.#life;
      let asked: AskedPosition;
      let sentAt: number;
      let reply: SyncReply;
      try {
        // A record of nothing: the stamps of what is kept from now on come after it.
        if (!marked) await log.append([]);
        marked = true;
        asked = view.asked;
        sentAt = clock.now();
        reply = await log.sync(asked.read);
      } catch {
        confirmation.failed();
        return 'unavailable';
      }
      // Sent in an earlier life: the reply may describe a log that is gone.
      if (life !== this.#life) return 'overtaken';
      // This life lacks what another one took meanwhile: all that it vouches for may be wrong.
      const wentBack = this.#time.measure(reply, sentAt, clock.now());
      if (this.#lives.lacksRecords(reply, sentAt) || wentBack) outbox.strandEverything();
      const because = view.take(reply, asked);
      if (because === 'contradicted' && view.read === undefined) this.withdraw();
      else if (because !== undefined) this.#restart(because, reply);
      const after = view.read;
      if (after !== undefined && after.seq >= reply.head) {
        if (returns && because !== 'start' && because !== 'epoch') this.#distrust('outage');
        return this.#confirm(sentAt);
      }
      // A long continuation comes in pieces. The same request again would bring nothing again.
      if (after === asked.read) return 'unavailable';
    }
  }

  #confirm(sentAt: number): SyncOutcome {
    const { outbox, confirmation, report } = this.#parts;
    if (outbox.stranded) return 'unavailable';
    confirmation.renew(sentAt);
    if (confirmation.holds()) report.confirmation(true, confirmation.sentAt);
    return 'confirmed';
  }

  /** Starts over with an empty record set, and reads earlier records back in the background. */
  #restart(because: ResetCause, { epoch }: SyncReply): void {
    const { log, view } = this.#parts;
    this.#distrust(because);
    const life = this.#life;
    if (log.shared) void recall(log, epoch, view.records, () => life === this.#life && !this.#closed);
  }

  /** Entries from before are no longer valid. */
  #distrust(because: ResetCause | 'outage'): void {
    const { view, events } = this.#parts;
    view.distrust();
    this.#life++;
    this.resets++;
    events.emit({ type: 'log-reset', epoch: view.position?.epoch ?? '', because });
  }
}
