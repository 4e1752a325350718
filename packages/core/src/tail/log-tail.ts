import type { Clock } from '../clock.js';
import type { LogListener, SyncReply } from '../log/invalidation-log.js';
import type { IntentTerms, LogPosition, LogRecord } from '../log/log-record.js';
import type { Stamp } from '../log/stamp.js';
import type { Change } from '../match/change.js';
import type { Footprint } from '../match/footprint.js';
import { heartbeat } from '../resilience/heartbeat.js';
import type { CacheEvents } from '../telemetry/events.js';
import { announceWithin } from './announce.js';
import { LogLives } from './log-lives.js';
import type { LogTailOptions, SyncOutcome } from './log-tail-options.js';
import { LogTime } from './log-time.js';
import { type AskedPosition, LogView, type ResetCause } from './log-view.js';
import { OutageWatch } from './outage-watch.js';
import { Outbox } from './outbox.js';
import type { Origin, PendingCommit } from './pending-changes.js';
import { recall } from './recall.js';
import { ReportedLog } from './reported-log.js';
import { TailReport } from './tail-report.js';

/**
 * What this process knows of the invalidation log, and so whether a cached answer is still right.
 *
 * Freshness is pulled, never pushed: only a sync that was *sent* less than `maxStaleness` ago, and whose answer held
 * nothing unknown, allows entries to be judged. Pushed records only make invalidations arrive sooner; they may have
 * waited in a buffer while the process was paused, so they confirm nothing.
 *
 * The protocol, with the reason for every rule: docs/concepts/invalidation-log.md.
 */
export class LogTail implements LogListener {
  readonly #log: ReportedLog;
  readonly #clock: Clock;
  readonly #events: CacheEvents;
  /** In milliseconds. */
  readonly maxStaleness: number;
  /** The changes of this process on their way to the log. */
  readonly outbox: Outbox;
  /** What this process has heard of, whenever that was. */
  readonly view: LogView;
  readonly #lives = new LogLives();
  readonly #outage: OutageWatch;
  readonly #terms: IntentTerms | undefined;
  readonly report: TailReport;

  /** When the last confirming sync was sent. */
  #confirmedAt = Number.NEGATIVE_INFINITY;
  /** Changes when what is known is thrown away: answers that were asked for before are then dropped. */
  #life = 0;
  readonly #time: LogTime;
  #syncing: Promise<SyncOutcome> | undefined;
  #closed = false;
  /** How often everything was distrusted, the start included. */
  resets = 0;
  /** How many commits this process has begun to append. */
  localCommits = 0;
  #stopBeating: () => void = () => {};

  constructor(options: LogTailOptions) {
    const { log, clock, events, maxStaleness, maxPending = 10_000, terms } = options;
    const { retention = Math.max(10_000, log.length) } = options;
    this.#terms = terms;
    this.#log = new ReportedLog(log, events);
    this.#clock = clock;
    this.#events = events;
    this.report = new TailReport(events);
    this.maxStaleness = maxStaleness;
    this.#time = new LogTime(events);
    this.#outage = new OutageWatch(clock, maxStaleness);
    this.outbox = new Outbox({
      log: this.#log,
      ...{ events, clock, report: this.report },
      ...{ limit: maxPending, patience: maxStaleness },
      onAcknowledged: (position, commit) => this.#acknowledge(position, commit),
      onFailed: () => this.#outage.failed(),
    });
    this.view = new LogView({ clock, retention, fence: terms?.fence ?? 0, shared: log.shared });
    this.#log.subscribe(this);
    void this.sync();
    // Three times within the bound, so that one lost answer costs nothing.
    if (log.shared) this.#stopBeating = heartbeat(clock, maxStaleness / 3, () => void this.confirm(true));
  }

  /** The stamp for a load that begins now. `undefined` before the log answered for the first time. */
  get position(): Stamp | undefined {
    return this.view.position;
  }

  /** Changes of this process that the log has not acknowledged. */
  get pending(): number {
    return this.outbox.size;
  }

  /** Whether the log has not answered for the first time yet, which is no alarm. */
  get opening(): boolean {
    return this.#log.opening;
  }

  opened(): Promise<void> {
    return this.#log.opened();
  }

  /** The log's time now, in milliseconds: what entries are dated by, alike on every node. */
  time(now: number = this.#clock.now()): number {
    return this.#time.at(now);
  }

  /** Whether entries may be judged by what is here. */
  isConfirmed(now: number = this.#clock.now()): boolean {
    if (this.view.position === undefined) return false;
    return !this.#log.shared || now - this.#confirmedAt <= this.maxStaleness;
  }

  /** How long ago the last confirmation was asked for, in milliseconds. */
  get unconfirmedFor(): number {
    return this.#clock.now() - this.#confirmedAt;
  }

  /**
   * Makes sure of the above, asking the log if necessary, or `anyway`.
   *
   * Resolves to `false` if it cannot be had now. Never rejects.
   */
  async confirm(anyway = false): Promise<boolean> {
    if (!anyway && this.isConfirmed()) return true;
    await this.#ask();
    return this.isConfirmed();
  }

  /** Whether nothing that is known may have changed the answer stamped `stamp` with `footprint`. */
  isUnaffected(stamp: Stamp, footprint: Footprint): boolean {
    return this.view.isUnaffected(stamp, footprint) && !this.outbox.mayAffect(this.view.widened.over(footprint));
  }

  /**
   * As {@link confirm}, by a question that is asked after this call: the answer knows of every write that was
   * acknowledged or announced before it.
   */
  async confirmAnew(): Promise<boolean> {
    await this.#syncing;
    return (await this.#ask()) === 'confirmed';
  }

  /**
   * Announces a write that may make `changes`, before it is sent to the database.
   *
   * @returns What to close when it has ended; `undefined` if the log did not take it, or too late. Never rejects.
   */
  async announce(changes: readonly Change[]): Promise<LogPosition | undefined> {
    return this.#terms && announceWithin(this.#terms, changes, this.#log, this.#clock);
  }

  /**
   * Appends the changes of one commit and applies them here.
   *
   * From the call on they affect every entry in this process. If the log does not answer they wait, and are appended
   * before anything is confirmed again.
   *
   * @param closes - The intents that announced them.
   * @param origin - Hears what becomes of them.
   * @returns Whether the log acknowledged them. Never rejects.
   */
  append(
    changes: readonly Change[],
    closes: readonly LogPosition[] = [],
    origin: Origin = this.#events,
  ): Promise<boolean> {
    this.localCommits++;
    return this.outbox.append(changes, closes, origin);
  }

  /**
   * Asks the log for what is missing. One at a time: a call during another joins it.
   *
   * Never rejects.
   */
  sync(): Promise<SyncOutcome> {
    if (this.#closed) return Promise.resolve('unavailable');
    this.#syncing ??= this.#sync().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  onRecord(epoch: string, record: LogRecord): void {
    if (this.#closed || this.view.position === undefined) return;
    const heard = this.view.hear(epoch, record);
    if (heard === 'contradicted') this.#forgetConfirmation();
    if (heard === 'contradicted' || heard === 'ahead') this.#syncAnew();
  }

  onGap(): void {
    if (!this.#closed) this.#syncAnew();
  }

  /** Delivers what waits, if the log answers, and stops. Never rejects. */
  async close(): Promise<void> {
    this.#stopBeating();
    if (this.pending > 0) await this.opened();
    // They may have a delivery under way, and one may follow another.
    await this.outbox.idle();
    while (this.#syncing !== undefined) await this.#syncing;
    this.#closed = true;
    this.outbox.close();
    await this.outbox.flush();
    await this.#log.close();
  }

  #acknowledge(position: LogPosition, commit: PendingCommit): void {
    this.#lives.acknowledged(position.epoch, this.#clock.now());
    const place = this.view.takeOwn(position, commit);
    if (place === 'known') return;
    if (place !== 'ahead') this.#forgetConfirmation();
    this.#syncAnew();
  }

  /** Nothing is confirmed until a sync that starts from now on. */
  #forgetConfirmation(): void {
    this.#life++;
    this.#confirmedAt = Number.NEGATIVE_INFINITY;
  }

  /** Syncs with a question that is asked from now on: the answer to one under way may not know what we have heard of. */
  #syncAnew(): void {
    void (this.#syncing?.then(() => this.sync()) ?? this.sync());
  }

  async #ask(): Promise<SyncOutcome> {
    let outcome = await this.sync();
    // The log began another life meanwhile: one more, begun now, decides.
    if (outcome === 'overtaken') outcome = await this.sync();
    if (this.isConfirmed() || !this.opening) this.report.confirmation(this.isConfirmed(), this.#confirmedAt);
    return outcome;
  }

  async #sync(): Promise<SyncOutcome> {
    const returns = this.#outage.isOver;
    let marked = !returns;
    for (;;) {
      const delivery = this.outbox.flush();
      if (delivery !== undefined && !(await delivery)) return 'unavailable';
      marked ||= delivery !== undefined;
      const life = this.#life;
      let asked: AskedPosition;
      let sentAt: number;
      let reply: SyncReply;
      try {
        // A record of nothing: what is kept from now on is known by its stamp.
        if (!marked) await this.#log.append([]);
        marked = true;
        asked = this.view.asked;
        sentAt = this.#clock.now();
        reply = await this.#log.sync(asked.read);
      } catch {
        this.#outage.failed();
        return 'unavailable';
      }
      // Asked for in an earlier life: it may describe a log that is gone.
      if (life !== this.#life) return 'overtaken';
      // What another life took in the meantime is not in this one: all that it vouches for may be wrong.
      const wentBack = this.#time.measure(reply, sentAt, this.#clock.now());
      if (this.#lives.lacksRecords(reply, sentAt) || wentBack) this.outbox.strandEverything();
      const because = this.view.take(reply, asked);
      if (because === 'contradicted' && this.view.read === undefined) this.#forgetConfirmation();
      else if (because !== undefined) this.#restart(because, reply);
      const after = this.view.read;
      if (after !== undefined && after.seq >= reply.head) {
        if (returns && because !== 'start' && because !== 'epoch') this.#distrust('outage');
        return this.#confirmAt(sentAt);
      }
      // A long continuation comes in pieces. Asked for again from the same place, it would bring nothing again.
      if (after === asked.read) return 'unavailable';
    }
  }

  /** The records here begin afresh: earlier ones are read back behind everybody's back. */
  #restart(because: ResetCause, { epoch }: SyncReply): void {
    this.#distrust(because);
    const life = this.#life;
    if (this.#log.shared) void recall(this.#log, epoch, this.view.records, () => life === this.#life && !this.#closed);
  }

  /** Nothing that was kept before is trusted. */
  #distrust(because: ResetCause | 'outage'): void {
    this.view.distrust();
    this.#life++;
    this.resets++;
    this.#events.emit({ type: 'log-reset', epoch: this.view.position?.epoch ?? '', because });
  }

  #confirmAt(sentAt: number): SyncOutcome {
    if (this.outbox.stranded) return 'unavailable';
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
    this.#outage.reached(this.#confirmedAt);
    if (this.isConfirmed()) this.report.confirmation(true, this.#confirmedAt);
    return 'confirmed';
  }
}
