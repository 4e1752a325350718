import type { Clock } from '../clock.js';
import type { InvalidationLog } from '../log/invalidation-log.js';
import type { LogPosition } from '../log/log-record.js';
import { type Change, EVERYTHING } from '../match/change.js';
import type { Footprint } from '../match/footprint.js';
import type { CacheEvents } from '../telemetry/events.js';
import { type Origin, PendingChanges, type PendingCommit } from './pending-changes.js';
import type { TailReport } from './tail-report.js';
import { WaitingRoom } from './waiting-room.js';

/** What an {@link Outbox} is made of. */
export interface OutboxParts {
  readonly log: InvalidationLog;
  readonly events: CacheEvents;
  readonly report: TailReport;
  readonly clock: Clock;
  /** How many changes wait at most. */
  readonly limit: number;
  /** How long they may wait before that is reported, in milliseconds. */
  readonly patience: number;
  /** The log has taken a commit. Called before the commit leaves the outbox. */
  readonly onAcknowledged: (position: LogPosition, commit: PendingCommit) => void;
  /** The log did not reply. */
  readonly onFailed: () => void;
}

/** Appends this process's changes to the log, and keeps those that the log did not take for another attempt. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #changes: PendingChanges;
  readonly #delivering = new Set<Promise<boolean>>();
  readonly #room: WaitingRoom;
  #closed = false;
  #abandoned = false;
  /** Whether what has waited was reported as lost because the process is about to end. */
  #gaveUp = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#changes = new PendingChanges(parts.limit);
    this.#room = new WaitingRoom({
      ...{ clock: parts.clock, limit: parts.patience },
      onDelayed: () => parts.events.emit({ type: 'queue-delayed', changes: this.size }),
      deliver: async () => this.flush(),
      giveUp: async () => this.#giveUp(),
    });
  }

  /** How many changes wait, those that are being appended now included. */
  get size(): number {
    return this.#changes.size;
  }

  /** The same changes, by commit. */
  get commits(): readonly (readonly Change[])[] {
    return this.#changes.commits;
  }

  /** Whether some wait for a {@link flush}. */
  get stranded(): boolean {
    return this.#changes.stranded;
  }

  /** Whether one of them may affect `footprint`. */
  mayAffect(footprint: Footprint): boolean {
    return this.#changes.mayAffect(footprint);
  }

  /** Appends the changes of one commit. @returns Whether the log acknowledged them. Never rejects. */
  append(changes: readonly Change[], closes: readonly LogPosition[], origin: Origin): Promise<boolean> {
    const delivering = this.#deliver(this.#changes.add(changes, closes, origin));
    this.#delivering.add(delivering);
    return delivering.finally(() => this.#delivering.delete(delivering));
  }

  /** Appends what waits, if something does. @returns Whether the log acknowledged it. Never rejects. */
  flush(): Promise<boolean> | undefined {
    const waiting = this.#changes.gather();
    return waiting && this.#deliver(waiting);
  }

  /** Lets a change that affects everything wait for the next delivery. */
  strandEverything(): void {
    this.#changes.strand(this.#changes.add([EVERYTHING], [], this.#parts.events));
  }

  /** Resolves when no first attempt is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#delivering);
  }

  /** From now on, what the log does not take is lost. */
  close(): void {
    this.#closed = true;
    this.#room.leave();
  }

  /** Reports what still waits as lost, now. It may be delivered all the same. */
  abandon(): void {
    const lost = this.#changes.origins();
    this.#abandoned = true;
    for (const [origin, changes] of lost) origin.emit({ type: 'invalidation-lost', changes });
  }

  /** Heartbeats may try again until the process has ended: changes that wait are reported once, later ones by themselves. */
  #giveUp(): void {
    const lost = this.#changes.origins();
    this.close();
    this.#gaveUp = true;
    for (const [origin, changes] of lost) origin.emit({ type: 'invalidation-lost', changes });
  }

  async #deliver(commit: PendingCommit): Promise<boolean> {
    const { log, events, report, onAcknowledged, onFailed } = this.#parts;
    const { changes, closes, origins, waited } = commit;
    try {
      const position = await log.append(changes, closes);
      onAcknowledged(position, commit);
      this.#changes.delivered(commit);
      if (!this.#changes.stranded) this.#room.leave();
      report.append(changes, waited ? [events] : origins.keys(), position.seq);
      return true;
    } catch {
      onFailed();
      const dropped = this.#changes.strand(commit);
      if (!this.#closed) this.#room.enter();
      if (!waited) report.append(changes, origins.keys(), undefined);
      if (dropped > 0) events.emit({ type: 'queue-overflow', dropped });
      if (this.#closed && !this.#abandoned && !(waited && this.#gaveUp)) {
        for (const [origin, lost] of origins) origin.emit({ type: 'invalidation-lost', changes: lost });
      }
      return false;
    }
  }
}
