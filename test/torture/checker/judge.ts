import type { ReadLine, SeenRow } from '../history.js';
import type { Bounds, Sight } from './bounds.js';
import { QUESTIONS, type Question } from './questions.js';
import type { State, Timeline, Version } from './timeline.js';

/** What must not be. */
export interface Violation {
  readonly kind: 'stale' | 'missing' | 'surplus' | 'future' | 'invented' | 'torn' | 'count';
  readonly read: ReadLine;
  /** The row that it is about. */
  readonly row: string;
  readonly what: string;
}

/** What the checker says of one read. */
export interface Verdict {
  readonly violations: readonly Violation[];
  readonly sights: readonly Sight[];
  /** For how long the answer had been old, in milliseconds. */
  readonly staleness: number;
}

/** Judges reads by what the database says. */
export class Judge {
  readonly #timeline: Timeline;
  readonly #bounds: Bounds;
  /** The rows that may have been there. */
  readonly #rows: readonly string[];

  constructor(timeline: Timeline, bounds: Bounds, since: number) {
    this.#timeline = timeline;
    this.#bounds = bounds;
    this.#rows = [...bounds.rows].filter((row) => {
      const last = timeline.rows.get(row)?.at(-1);
      return last === undefined || last.state !== undefined || last.committedBy > since;
    });
  }

  judge(read: ReadLine): Verdict {
    const question = QUESTIONS[read.kind];
    if (question === undefined) throw new Error(`There is no question ${read.kind}`);
    const present = new Map(read.rows.map((seen) => [seen[0], seen]));
    const violations: Violation[] = [];
    const sights: Sight[] = [];
    const blame = (kind: Violation['kind'], row: string, what: string): void =>
      void violations.push({ kind, read, row, what });
    let staleness = 0;
    let [surely, possibly] = [0, 0];

    for (const seen of read.rows) {
      staleness = Math.max(staleness, this.#bounds.staleness(seen[0], seen[1], read));
      sights.push({ row: seen[0], version: seen[1], until: read.until });
      this.#judgePresent(seen, read, question, blame);
      this.#judgeTorn(seen, present, blame);
    }
    const last = lastOf(read, question, this.#bounds);
    for (const row of this.#rows) {
      if (present.has(row) || !question.concerns(row, read.argument)) continue;
      const [low, high] = this.#bounds.range(row, read);
      const versions = this.#versions(row, low, high);
      const matches = versions.map((version) => this.#matches(version, read, question));
      if (matches.every((match) => match === true)) surely++;
      if (matches.some((match) => match !== false)) possibly++;
      if (read.count !== undefined) continue;
      if (!matches.every((match) => match === true)) {
        const first = matches.findIndex((match) => match !== true);
        const version = matches[first] === false ? versions[first]?.number : undefined;
        // It was that one, or a later one.
        if (question.take === undefined && version !== undefined) sights.push({ row, version, until: read.until });
        continue;
      }
      // Beyond the window it need not be.
      const within = last === undefined || versions.every((version) => before(row, version, last));
      if (within) blame('missing', row, `absent, and in the answer in every version from ${low} to ${high}`);
    }
    if (read.count !== undefined && (read.count < surely || read.count > possibly))
      blame('count', '', `counted ${read.count}, allowed from ${surely} to ${possibly}`);
    return { violations, sights, staleness };
  }

  #judgePresent([row, number, wid]: SeenRow, read: ReadLine, question: Question, blame: Blame): void {
    const version = this.#bounds.version(row, number);
    if (version === undefined || version.wid !== wid || version.hidden) {
      blame('invented', row, `version ${number} of write ${wid} was never committed`);
      return;
    }
    const [low, high] = this.#bounds.range(row, read);
    if (number < low) blame('stale', row, `version ${number}, at least ${low} was due`);
    if (number > high) blame('future', row, `version ${number}, not yet asked for after ${high}`);
    if (this.#matches(version, read, question) === false)
      blame('surplus', row, `version ${number} is not in the answer`);
  }

  /** A read that sees a transaction sees all of it: the rows of a table come from one statement. */
  #judgeTorn([row, number]: SeenRow, present: ReadonlyMap<string, SeenRow>, blame: Blame): void {
    const transaction = this.#bounds.version(row, number)?.transaction;
    for (const [other, left] of this.#timeline.transactions.get(transaction ?? '') ?? []) {
      const [, seen] = present.get(other) ?? [];
      if (other !== row && other[0] === row[0] && seen !== undefined && seen < left)
        blame('torn', other, `version ${seen}, and ${row} as the transaction left it that made version ${left}`);
    }
  }

  #versions(row: string, low: number, high: number): Version[] {
    const versions: Version[] = [];
    for (let number = low; number <= high; number++) {
      const version = this.#bounds.version(row, number);
      if (version !== undefined && !version.hidden) versions.push(version);
    }
    return versions;
  }

  #matches({ state }: Version, read: ReadLine, { matches }: Question): boolean | 'maybe' {
    if (state === undefined) return false;
    return matches(state, read.argument, (parent) => {
      const row = `p${parent}`;
      const kinds = this.#versions(row, ...this.#bounds.range(row, read)).flatMap(
        (version) => version.state?.kind ?? [],
      );
      return new Set(kinds);
    });
  }
}

type Blame = (kind: Violation['kind'], row: string, what: string) => void;
type Place = readonly [n: number, id: number];

/** The last place in a full window; `undefined` if everything is in it. */
function lastOf({ rows }: ReadLine, { take }: Question, bounds: Bounds): Place | undefined {
  const seen = rows.at(-1);
  if (take === undefined || rows.length < take || seen === undefined) return undefined;
  const state = bounds.version(seen[0], seen[1])?.state;
  return state && placeOf(seen[0], state);
}

function before(row: string, { state }: Version, last: Place): boolean {
  if (state === undefined) return false;
  const [n, id] = placeOf(row, state);
  return n > last[0] || (n === last[0] && id < last[1]);
}

function placeOf(row: string, { n }: State): Place {
  return [n ?? 0, Number(row.slice(1))];
}
