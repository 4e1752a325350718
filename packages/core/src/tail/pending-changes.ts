import type { LogPosition } from '../log/log-record.js';
import { type Change, EVERYTHING } from '../match/change.js';
import type { Footprint } from '../match/footprint.js';
import { mayAffect } from '../match/may-affect.js';
import type { CacheEvents } from '../telemetry/events.js';

/** Receives the events about changes that it made. */
export type Origin = Pick<CacheEvents, 'emit' | 'heard'>;

/** One commit's changes on their way to the log. */
export interface PendingCommit {
  readonly changes: readonly Change[];
  /** The intents that it ends. */
  readonly closes: readonly LogPosition[];
  /** How many of the changes each origin made. */
  readonly origins: ReadonlyMap<Origin, number>;
  /** Whether an attempt to append it failed before. */
  readonly waited: boolean;
  /** Whether an append of it is under way: no other delivery may take it then. */
  inFlight: boolean;
}

/**
 * The changes of this process that the log has not acknowledged yet.
 *
 * Their place in the log is unknown, so they affect entries with any stamp. So a process reads its own writes while the log
 * is away.
 */
export class PendingChanges {
  readonly #limit: number;
  readonly #commits = new Set<PendingCommit>();

  /** @param limit - How many changes wait at most; beyond it they become one that affects everything. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many changes wait, those being appended right now included. */
  get size(): number {
    let size = 0;
    for (const { changes } of this.#commits) size += changes.length;
    return size;
  }

  /** Whether some wait, and no delivery of them is under way. */
  get stranded(): boolean {
    for (const { inFlight } of this.#commits) if (!inFlight) return true;
    return false;
  }

  /** The changes that wait, by commit. */
  get commits(): readonly (readonly Change[])[] {
    return [...this.#commits].map(({ changes }) => changes);
  }

  /** How many changes of each origin wait. */
  origins(): ReadonlyMap<Origin, number> {
    return originsOf([...this.#commits]);
  }

  /** Takes the changes of a commit, marked as being appended. */
  add(changes: readonly Change[], closes: readonly LogPosition[], origin: Origin): PendingCommit {
    const origins = new Map([[origin, changes.length]]);
    return this.#add({ changes, closes, origins, waited: false, inFlight: true });
  }

  /** The log has it. */
  delivered(commit: PendingCommit): void {
    this.#commits.delete(commit);
  }

  /**
   * The log did not reply: it waits for the next delivery.
   *
   * @returns How many changes were given up for one that affects everything; usually 0.
   */
  strand(commit: PendingCommit): number {
    commit.inFlight = false;
    const stranded = this.#stranded();
    const waiting = stranded.reduce((sum, { changes }) => sum + changes.length, 0);
    if (waiting <= this.#limit) return 0;
    for (const each of stranded) this.#commits.delete(each);
    // Their intents run out by themselves.
    this.#add({
      changes: [EVERYTHING],
      closes: [],
      origins: originsOf(stranded),
      waited: true,
      inFlight: false,
    });
    return waiting;
  }

  /** Gathers all that wait for delivery into one commit, marked as being appended; `undefined` if there are none. */
  gather(): PendingCommit | undefined {
    const stranded = this.#stranded();
    if (stranded.length === 0) return undefined;
    for (const each of stranded) this.#commits.delete(each);
    const changes = stranded.flatMap((commit) => commit.changes);
    const closes = stranded.flatMap((commit) => commit.closes);
    return this.#add({ changes, closes, origins: originsOf(stranded), waited: true, inFlight: true });
  }

  /** Whether one of them may affect `footprint`. */
  mayAffect(footprint: Footprint): boolean {
    for (const { changes } of this.#commits) {
      if (changes.some((change) => mayAffect(footprint, change))) return true;
    }
    return false;
  }

  #add(commit: PendingCommit): PendingCommit {
    this.#commits.add(commit);
    return commit;
  }

  #stranded(): PendingCommit[] {
    return [...this.#commits].filter(({ inFlight }) => !inFlight);
  }
}

function originsOf(commits: readonly PendingCommit[]): ReadonlyMap<Origin, number> {
  const sums = new Map<Origin, number>();
  for (const { origins } of commits) {
    for (const [origin, changes] of origins) sums.set(origin, (sums.get(origin) ?? 0) + changes);
  }
  return sums;
}
