import type { Change, ReadInfo } from '@cachetastic/core';
import type { LogPosition } from '../../packages/core/src/log/log-record.js';
import type { Database, Write } from './database.js';
import type { SimulatedProcess } from './process.js';
import type { RedisServer } from './redis-server.js';
import type { Place } from './remote-redis.js';
import {
  describeAnswer,
  describeQuestion,
  matches,
  type Question,
  type Row,
  type RowState,
  rowsOf,
  rowsTouchedBy,
} from './rows.js';
import type { ServerClock } from './server-clock.js';
import { MAX_STALE, ROWS, type Settings } from './settings.js';

/** How exactly processes know the log's time, and so how old an entry is: within what they tolerate, and an answer of the log. */
const INEXACT = 400;

/** A read from when it was asked. */
export interface AskedRead {
  readonly process: SimulatedProcess;
  readonly question: Question;
  readonly strong: boolean;
  readonly at: number;
  /** The `maxStaleness` of the cache that was asked. */
  readonly bound: number;
  /** Which server its process talked to. */
  readonly place: Place;
  /** The newest commit that was acknowledged, or seen by a strong read that had ended, by then. */
  readonly floor: number;
}

/** An answer that breaks a promise. */
export interface Violation {
  readonly at: number;
  readonly what: string;
  readonly rows: readonly number[];
}

/**
 * Judges every answer from outside: it knows the database and what applications got, and nothing of the cache.
 *
 * What it demands is in docs/consistency.md.
 */
export class Checker {
  readonly violations: Violation[] = [];
  reads = 0;
  readonly #database: Database;
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #writeOf = new WeakMap<Change, Write>();
  readonly #unlogged = new Set<Write>();
  /** Of each row, the commits that changed it. */
  readonly #commitsOf: number[][] = Array.from({ length: ROWS }, () => [0]);
  /** The writes that were announced to the log, by the position of the announcement. Kept only where its clock is set. */
  readonly #announced = new Map<string, readonly Write[]>();
  /** Those whose announcement ended before its time. */
  readonly #forgotten = new Set<Write>();
  readonly #clock: ServerClock | undefined;
  /** Whether several servers may take writes. */
  readonly #splits: boolean;
  #floor = 0;

  /** @param clock - That of the log's server, if the simulation sets it. */
  constructor(database: Database, settings: Settings, now: () => number, clock: ServerClock | undefined) {
    this.#clock = clock;
    this.#splits = Number.isFinite(settings.every.split);
    this.#database = database;
    this.#settings = settings;
    this.#now = now;
  }

  /** `change` is what the log hears of `write`. */
  describes(change: Change, write: Write): void {
    this.#writeOf.set(change, write);
    this.#unlogged.add(write);
  }

  announced(changes: readonly Change[], { epoch, seq }: LogPosition, server: RedisServer): void {
    const writes = changes.flatMap((change) => this.#writeOf.get(change) ?? []);
    for (const write of writes) write.announcedAt ??= this.#now();
    if (this.#splits) for (const write of writes) write.announcedOn ??= server;
    if (this.#clock !== undefined) this.#announced.set(`${epoch} ${seq}`, writes);
  }

  /** The log forgets a write that was announced, because the fence is over by its clock. */
  forgotten({ epoch, seq }: LogPosition): void {
    for (const write of this.#announced.get(`${epoch} ${seq}`) ?? []) {
      const early = this.#now() < (write.announcedAt ?? 0) + this.#settings.fence;
      if (early && write.committedAt === undefined) this.#forgotten.add(write);
    }
  }

  logged(changes: readonly Change[], by: SimulatedProcess, server: RedisServer): void {
    for (const change of changes) {
      if (change.kind === 'everything') {
        this.#clock?.told();
        for (const write of this.#unlogged) {
          if (write.process === by && isEnded(write)) this.#log(write, server);
        }
      }
      const write = this.#writeOf.get(change);
      if (write !== undefined) this.#log(write, server);
    }
  }

  /** By now a process that came to `server` must have told there that its writes elsewhere may be missing. */
  returned(process: SimulatedProcess, { server, since }: Place): void {
    if (!this.#splits) return;
    for (const write of this.#unlogged) {
      const { ackedAt = Infinity, loggedOn } = write;
      if (write.process !== process || ackedAt >= since || loggedOn === undefined) continue;
      if ([...loggedOn.values()].some((at) => at < since)) this.#log(write, server);
    }
  }

  /** The last cache of `by` has reported that changes are lost: what the log has not taken yet may never reach it. */
  lost(by: SimulatedProcess): void {
    for (const write of this.#unlogged) if (write.process === by) write.lost = true;
  }

  /** As {@link lost}, but other caches of the process are open: they have heard of everything. */
  handedOver(process: SimulatedProcess): void {
    for (const write of this.#unlogged) if (write.process === process) write.handedOver = true;
  }

  /** All caches of `process` have closed: every write that they know is in the log, or they have reported that it may be lost. */
  closed(process: SimulatedProcess): void {
    for (const write of this.#unlogged) {
      const { commit, effects, lost, handedOver } = write;
      if (write.process !== process || commit === undefined || !isEnded(write) || lost || handedOver) continue;
      const what = `${process.name}: commit ${commit} was dropped without a word when the last cache closed`;
      this.violations.push({ at: this.#now(), what, rows: rowsTouchedBy(effects) });
    }
  }

  committed(write: Write): void {
    const { states, head } = this.#database;
    for (let row = 0; row < ROWS; row++) {
      if (states[head]?.[row] !== states[head - 1]?.[row]) this.#commitsOf[row]?.push(head);
    }
    this.#database.writes[head] = write;
  }

  acked(write: Write): void {
    write.ackedAt = this.#now();
    this.#floor = Math.max(this.#floor, write.commit ?? 0);
  }

  asked({ process, question, strong, bound, place }: Omit<AskedRead, 'at' | 'floor'>): AskedRead {
    return { process, question, strong, bound, place, at: this.#now(), floor: this.#floor };
  }

  answered(read: AskedRead, answer: readonly Row[], info: ReadInfo): void {
    this.reads++;
    // Of a write that its announcement does not guard any more, a strong read promises as much as any other.
    const guarded = read.strong && !this.#isUnguarded(read);
    const from = guarded ? read.floor : 0;
    const seen = this.#stateLike(read.question, answer, from);
    if (seen === undefined) {
      const anywhere = from > 0 ? this.#stateLike(read.question, answer, 0) : undefined;
      const wanted = anywhere === undefined ? 'which never was the answer' : `the answer after commit ${anywhere}`;
      this.#blame(read, answer, info, `${wanted}; commits up to ${read.floor} were known when it was asked`);
    } else if (guarded) this.#floor = Math.max(this.#floor, seen);
    else if (!read.strong) this.#judgeBounded(read, answer, info);
  }

  #judgeBounded(read: AskedRead, answer: readonly Row[], info: ReadInfo): void {
    const { states } = this.#database;
    const bound = info.reason === 'unconfirmed' ? MAX_STALE : read.bound;
    const youngest = read.at - this.#oldest(info, read.at);
    for (const row of rowsOf(read.question)) {
      const commits = this.#commitsOf[row] as number[];
      const wanted = commits.findLast(
        (commit) => this.#matters(commit, row, read) && this.#isDemanded(commit, read, bound, youngest),
      );
      if (wanted === undefined) continue;
      const found = answer.find(({ id }) => id === row);
      const isRight =
        found === undefined
          ? states.slice(wanted).some((state) => !matches(read.question, state[row] as RowState))
          : found.version >= (states[wanted]?.[row]?.version ?? 0);
      if (!isRight) this.#blame(read, answer, info, `row ${row} has to be as after commit ${wanted}, or later`);
    }
  }

  /**
   * Whether the row belonged to the answer before or after the commit. What a commit did to a row that another client had
   * moved out of the answer before, and has not been acknowledged for, says nothing about the answer.
   */
  #matters(commit: number, row: number, { question }: AskedRead): boolean {
    const { states } = this.#database;
    const [before, after] = [states[commit - 1]?.[row], states[commit]?.[row]];
    return [before, after].some((state) => state !== undefined && matches(question, state));
  }

  /** Whether `read` must show what this commit did. */
  #isDemanded(commit: number, { process, at, place }: AskedRead, bound: number, youngest: number): boolean {
    const write = this.#database.writes[commit];
    if (write === undefined) return true;
    const { ackedAt = Infinity, announcedAt = Infinity, committedAt = Infinity, lost } = write;
    if (write.process === process && ackedAt < at && !lost) return true;
    if (Math.max(ackedAt, this.#loggedFor(place, write)) < at - bound) return true;
    // Nothing is served for longer than its lifetime, whatever became of the writer.
    if (committedAt < youngest) return true;
    // A writer that died, or was cut off, or does not know what became of it: its announcement runs out.
    const { intents, lease } = this.#settings;
    if (intents !== 'fail' || this.#forgotten.has(write)) return false;
    // Only the server that took it knows of it.
    if (this.#splits && (write.announcedOn !== place.server || place.since > announcedAt)) return false;
    const over = this.#clock?.over(announcedAt, lease) ?? announcedAt + lease;
    return Math.max(committedAt, over) < at - bound;
  }

  /** Since when a process at `place` has to know of `write`: it does not know what another server accepted at the same time. */
  #loggedFor({ server, since }: Place, { loggedAt = Infinity, loggedOn }: Write): number {
    if (!this.#splits) return loggedAt;
    let known = Infinity;
    for (const [other, at] of loggedOn ?? []) {
      if (other === server || at <= server.since) known = Math.min(known, at);
      // It confirms nothing any more.
      else known = Math.min(known, Math.max(at, server.demotedAt ?? Infinity));
    }
    return Math.max(known, since);
  }

  /** How old an answer of a cache may be at most. */
  #oldest({ status, source }: ReadInfo, at: number): number {
    const { ttl, swr, grace } = this.#settings.lifetime;
    if (source !== 'memory' && source !== 'redis') return Infinity;
    const inexact = INEXACT + (this.#clock?.error(at) ?? 0);
    return inexact + ttl + (status === 'stale' ? Math.max(swr, grace) : 0);
  }

  /** Whether a write may be changing these rows that was forgotten before its time, and has not been logged since. */
  #isUnguarded({ question, at }: AskedRead): boolean {
    if (this.#forgotten.size === 0) return false;
    const rows = rowsOf(question);
    for (const { effects, committedAt = Infinity, loggedAt = Infinity } of this.#forgotten) {
      if (committedAt < loggedAt && loggedAt < at) continue;
      if (rowsTouchedBy(effects).some((row) => rows.includes(row))) return true;
    }
    return false;
  }

  /** The first state from `from` on that gives this answer. */
  #stateLike(question: Question, answer: readonly Row[], from: number): number | undefined {
    const { states } = this.#database;
    for (let index = from; index < states.length; index++) {
      if (isAnswerOf(states[index] as readonly RowState[], question, answer)) return index;
    }
    return undefined;
  }

  #log(write: Write, server: RedisServer): void {
    write.loggedAt ??= this.#now();
    if (!this.#splits) this.#unlogged.delete(write);
    else {
      write.loggedOn ??= new Map();
      if (!write.loggedOn.has(server)) write.loggedOn.set(server, this.#now());
    }
  }

  #blame({ process, question, strong, at }: AskedRead, answer: readonly Row[], info: ReadInfo, why: string): void {
    const kind = strong ? 'strong' : 'bounded';
    const how = `${kind} read of ${describeQuestion(question)} asked at ${at.toFixed(2)}, ${info.status} from ${info.source}`;
    const what = `${process.name}: ${how}, got ${describeAnswer(answer)}: ${why}`;
    this.violations.push({ at: this.#now(), what, rows: rowsOf(question) });
  }
}

/** Whether its caller knows anything of its outcome. */
function isEnded({ ackedAt, uncertain }: Write): boolean {
  return ackedAt !== undefined || uncertain === true;
}

function isAnswerOf(state: readonly RowState[], question: Question, answer: readonly Row[]): boolean {
  let found = 0;
  for (const row of state) {
    if (!matches(question, row)) continue;
    const other = answer[found++];
    if (other === undefined || other.id !== row.id || other.version !== row.version) return false;
  }
  return found === answer.length;
}
