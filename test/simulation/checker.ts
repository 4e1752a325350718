import type { Change, ReadInfo } from '@cachetastic/core';
import type { Database, Write } from './database.js';
import type { SimulatedProcess } from './process.js';
import { describeAnswer, describeQuestion, matches, type Question, type Row, type RowState, rowsOf } from './rows.js';
import { MAX_STALE, ROWS, type Settings } from './settings.js';

/** A read from when it was asked. */
export interface AskedRead {
  readonly process: SimulatedProcess;
  readonly question: Question;
  readonly strong: boolean;
  readonly at: number;
  /** The `maxStaleness` of the cache that was asked. */
  readonly bound: number;
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
 * Judges every answer from outside: it knows the database and what applications were told, and nothing of the cache.
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
  #floor = 0;

  constructor(database: Database, settings: Settings, now: () => number) {
    this.#database = database;
    this.#settings = settings;
    this.#now = now;
  }

  /** `change` is what the log hears of `write`. */
  describes(change: Change, write: Write): void {
    this.#writeOf.set(change, write);
    this.#unlogged.add(write);
  }

  announced(changes: readonly Change[]): void {
    for (const change of changes) {
      const write = this.#writeOf.get(change);
      if (write !== undefined) write.announcedAt ??= this.#now();
    }
  }

  logged(changes: readonly Change[], by: SimulatedProcess): void {
    for (const change of changes) {
      if (change.kind === 'everything') {
        for (const write of this.#unlogged) {
          if (write.process === by && write.ackedAt !== undefined) this.#log(write);
        }
      }
      const write = this.#writeOf.get(change);
      if (write !== undefined) this.#log(write);
    }
  }

  /** The last cache of `by` has reported that changes are lost: what the log has not taken yet may never reach it. */
  lost(by: SimulatedProcess): void {
    for (const write of this.#unlogged) if (write.process === by) write.lost = true;
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

  asked(process: SimulatedProcess, question: Question, strong: boolean, bound: number): AskedRead {
    return { process, question, strong, bound, at: this.#now(), floor: this.#floor };
  }

  answered(read: AskedRead, answer: readonly Row[], info: ReadInfo): void {
    this.reads++;
    const from = read.strong ? read.floor : 0;
    const seen = this.#stateLike(read.question, answer, from);
    if (seen === undefined) {
      const anywhere = from > 0 ? this.#stateLike(read.question, answer, 0) : undefined;
      const wanted = anywhere === undefined ? 'which never was the answer' : `the answer after commit ${anywhere}`;
      this.#blame(read, answer, info, `${wanted}; commits up to ${read.floor} were known when it was asked`);
    } else if (read.strong) this.#floor = Math.max(this.#floor, seen);
    else this.#judgeBounded(read, answer, info);
  }

  #judgeBounded(read: AskedRead, answer: readonly Row[], info: ReadInfo): void {
    const { states } = this.#database;
    const bound = info.reason === 'unconfirmed' ? MAX_STALE : read.bound;
    for (const row of rowsOf(read.question)) {
      const commits = this.#commitsOf[row] as number[];
      const wanted = commits.findLast(
        (commit) => this.#matters(commit, row, read) && this.#isDemanded(commit, read, bound),
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
   * Whether the row belonged to the answer before or after the commit. What a commit did to a row that somebody else had
   * moved out of the answer before, and has not been acknowledged for, says nothing about the answer.
   */
  #matters(commit: number, row: number, { question }: AskedRead): boolean {
    const { states } = this.#database;
    const [before, after] = [states[commit - 1]?.[row], states[commit]?.[row]];
    return [before, after].some((state) => state !== undefined && matches(question, state));
  }

  /** Whether `read` must show what this commit did. */
  #isDemanded(commit: number, { process, at }: AskedRead, bound: number): boolean {
    const write = this.#database.writes[commit];
    if (write === undefined) return true;
    const { ackedAt = Infinity, loggedAt = Infinity, announcedAt = Infinity, committedAt = Infinity, lost } = write;
    if (write.process === process && ackedAt < at && !lost) return true;
    if (Math.max(ackedAt, loggedAt) < at - bound) return true;
    // A writer that died, or was cut off, or does not know what became of it: its announcement runs out.
    const { intents, lease } = this.#settings;
    return intents === 'fail' && Math.max(committedAt, announcedAt + lease) < at - bound;
  }

  /** The first state from `from` on that gives this answer. */
  #stateLike(question: Question, answer: readonly Row[], from: number): number | undefined {
    const { states } = this.#database;
    for (let index = from; index < states.length; index++) {
      if (isAnswerOf(states[index] as readonly RowState[], question, answer)) return index;
    }
    return undefined;
  }

  #log(write: Write): void {
    write.loggedAt ??= this.#now();
    this.#unlogged.delete(write);
  }

  #blame({ process, question, strong, at }: AskedRead, answer: readonly Row[], info: ReadInfo, why: string): void {
    const kind = strong ? 'strong' : 'bounded';
    const how = `${kind} read of ${describeQuestion(question)} asked at ${at.toFixed(2)}, ${info.status} from ${info.source}`;
    const what = `${process.name}: ${how}, got ${describeAnswer(answer)}: ${why}`;
    this.violations.push({ at: this.#now(), what, rows: rowsOf(question) });
  }
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
