import type { Clock } from '../clock.js';
import type { LogListener } from '../log/invalidation-log.js';
import type { IntentTerms, LogPosition, LogRecord } from '../log/log-record.js';
import type { Stamp } from '../log/stamp.js';
import type { Change } from '../match/change.js';
import type { Footprint } from '../match/footprint.js';
import { heartbeat } from '../resilience/heartbeat.js';
import type { CacheEvents } from '../telemetry/events.js';
import { announceWithin } from './announce.js';
import { Confirmation } from './confirmation.js';
import { LogSync, type SyncOutcome } from './log-sync.js';
import type { LogTailOptions } from './log-tail-options.js';
import { LogView } from './log-view.js';
import { Outbox } from './outbox.js';
import type { Origin, PendingCommit } from './pending-changes.js';
import { ReportedLog } from './reported-log.js';
import { TailReport } from './tail-report.js';

/**
 * What this process knows of the invalidation log, and so whether a cached result is still valid.
 *
 * Freshness is pulled, never pushed: entries may be judged only if a request was *sent* less than `maxStaleness` ago, and
 * its reply held nothing unknown. Pushed records only make invalidations arrive sooner; they may have
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
  /** What this process knows of the log, however long ago it learned it. */
  readonly view: LogView;
  readonly #confirmation: Confirmation;
  readonly #sync: LogSync;
  readonly #terms: IntentTerms | undefined;
  readonly report: TailReport;
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
    this.#confirmation = new Confirmation(clock, maxStaleness);
    this.outbox = new Outbox({
      log: this.#log,
      ...{ events, clock, report: this.report },
      ...{ limit: maxPending, patience: maxStaleness },
      onAcknowledged: (position, commit) => this.#acknowledge(position, commit),
      onFailed: () => this.#confirmation.failed(),
    });
    this.view = new LogView({ clock, retention, fence: terms?.fence ?? 0, shared: log.shared });
    this.#sync = new LogSync({
      log: this.#log,
      ...{ clock, events, view: this.view, outbox: this.outbox },
      ...{ confirmation: this.#confirmation, report: this.report },
    });
    this.#log.subscribe(this);
    void this.sync();
    // Three times within the bound, so that one lost reply costs nothing.
    if (log.shared) this.#stopBeating = heartbeat(clock, maxStaleness / 3, () => void this.confirm(true));
  }

  /** The stamp for a load that begins now. `undefined` before the log replied for the first time. */
  get position(): Stamp | undefined {
    return this.view.position;
  }

  /** Changes of this process that the log has not acknowledged. */
  get pending(): number {
    return this.outbox.size;
  }

  /** Whether the log has not replied for the first time yet, which is no failure. */
  get opening(): boolean {
    return this.#log.opening;
  }

  /** How often everything was distrusted, the start included. */
  get resets(): number {
    return this.#sync.resets;
  }

  opened(): Promise<void> {
    return this.#log.opened();
  }

  /** The log's time now, in milliseconds: what entries are dated by, the same on every node. */
  time(now: number = this.#clock.now()): number {
    return this.#sync.time(now);
  }

  /** Whether entries may be judged by what is here. */
  isConfirmed(now: number = this.#clock.now()): boolean {
    if (this.view.position === undefined) return false;
    return !this.#log.shared || this.#confirmation.holds(now);
  }

  /** How long ago the last confirming request was sent, in milliseconds. */
  get unconfirmedFor(): number {
    return this.#clock.now() - this.#confirmation.sentAt;
  }

  /**
   * Asks the log if {@link isConfirmed} does not hold, or `anyway`. Resolves to whether it holds then. Never rejects.
   */
  async confirm(anyway = false): Promise<boolean> {
    if (!anyway && this.isConfirmed()) return true;
    await this.#ask();
    return this.isConfirmed();
  }

  /** Whether nothing that is known may have changed the result stamped `stamp` with `footprint`. */
  isUnaffected(stamp: Stamp, footprint: Footprint): boolean {
    return this.view.isUnaffected(stamp, footprint) && !this.outbox.mayAffect(this.view.widened.over(footprint));
  }

  /**
   * As {@link confirm}, by a request that is sent after this call: its reply has every write that was acknowledged or
   * announced before it.
   */
  async confirmAgain(): Promise<boolean> {
    await this.#sync.ended();
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
   * From the call on they affect every entry in this process. If the log does not reply they wait, and are appended
   * before anything is confirmed again.
   *
   * @param closes - The intents that announced them.
   * @param origin - Receives the events about them.
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

  /** Asks the log for what is missing, or joins the request under way. Never rejects. */
  sync(): Promise<SyncOutcome> {
    return this.#sync.run();
  }

  onRecord(epoch: string, record: LogRecord): void {
    if (this.#sync.closed || this.view.position === undefined) return;
    const heard = this.view.hear(epoch, record);
    if (heard === 'contradicted') this.#sync.withdraw();
    if (heard === 'contradicted' || heard === 'ahead') this.#sync.runAgain();
  }

  onGap(): void {
    this.#sync.runAgain();
  }

  /** Delivers what waits, if the log replies, and stops. Never rejects. */
  async close(): Promise<void> {
    this.#stopBeating();
    if (this.pending > 0) await this.opened();
    // Requests may have a delivery under way, and one may follow another.
    await this.outbox.idle();
    await this.#sync.close();
    this.outbox.close();
    await this.outbox.flush();
    await this.#log.close();
  }

  #acknowledge(position: LogPosition, commit: PendingCommit): void {
    this.#sync.acknowledged(position);
    const place = this.view.takeOwn(position, commit);
    if (place === 'known') return;
    if (place !== 'ahead') this.#sync.withdraw();
    this.#sync.runAgain();
  }

  async #ask(): Promise<SyncOutcome> {
    let outcome = await this.sync();
    // What is known was distrusted meanwhile: one more request, sent now, decides.
    if (outcome === 'overtaken') outcome = await this.sync();
    const confirmed = this.isConfirmed();
    if (confirmed || !this.opening) this.report.confirmation(confirmed, this.#confirmation.sentAt);
    return outcome;
  }
}
