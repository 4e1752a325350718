import type { AnswerLine, Line, WriteLine } from '../history.js';

/** What a row was in one of its versions. */
export interface State {
  readonly g: number | null;
  readonly n: number | null;
  readonly parentId: number | null;
  readonly kind: number | null;
}

/** A row of the audit. */
export interface Audited extends State {
  readonly row: string;
  readonly version: number;
  readonly wid: number;
  readonly transaction: string;
  readonly alive: boolean;
}

/** One version of a row, as the database tells it. */
export interface Version {
  readonly number: number;
  readonly wid: number;
  readonly transaction: string;
  /** `undefined`: the row is not there. */
  readonly state: State | undefined;
  /** When it was known to be committed, at the latest. */
  readonly committedBy: number;
  /** Whether the same transaction made a later one, so that no read may see this one. */
  hidden: boolean;
}

/** A write, as who asked for it tells it. */
export interface Write {
  readonly life: number;
  readonly wid: number;
  readonly kind: string;
  readonly at: number;
  /** Absent while it is under way, and for ever if its process died. */
  answer?: AnswerLine;
}

const NOTHING: Version = {
  ...{ number: 0, wid: 0, transaction: '', state: undefined },
  ...{ committedBy: Number.NEGATIVE_INFINITY, hidden: false },
};
const ALWAYS = Number.NEGATIVE_INFINITY;
const SEED: Write = { life: 0, wid: 0, kind: 'seed', at: ALWAYS };
SEED.answer = { type: 'answer', wid: 0, at: ALWAYS, waits: false };

/** What became of every row, from what the database and the processes say. */
export class Timeline {
  /** By row, then by number; the first is that there is none. */
  readonly rows = new Map<string, Version[]>();
  readonly #writes = new Map<number, Write>([[0, SEED]]);
  /** The writes of which something was committed. */
  readonly committed = new Set<number>();
  /** What each transaction left, by row. */
  readonly transactions = new Map<string, Map<string, number>>();
  /** When nothing waited for the log any more, by life. */
  readonly #settled = new Map<number, number[]>();

  note(line: Line): void {
    if (line.type === 'write') this.#writes.set(line.wid, writeOf(line));
    else if (line.type === 'answer') {
      const write = this.#writes.get(line.wid);
      if (write !== undefined) write.answer = line;
    } else if (line.type === 'settled') {
      this.#settled.set(line.life, [...(this.#settled.get(line.life) ?? []), line.at]);
    }
  }

  /** Takes in what the audit holds since it was last asked. */
  audited(found: readonly Audited[], committedBy: number): void {
    for (const { row, version: number, wid, transaction, alive, ...state } of found) {
      this.committed.add(wid);
      const versions = this.rows.get(row) ?? [NOTHING];
      this.rows.set(row, versions);
      const left = this.transactions.get(transaction) ?? new Map<string, number>();
      this.transactions.set(transaction, left);
      const before = left.get(row) ?? 0;
      left.set(row, Math.max(before, number));
      const earlier = versions[Math.min(before, number)];
      if (before > 0 && earlier !== undefined) earlier.hidden = true;
      const hidden = before > number;
      versions[number] = { number, wid, transaction, committedBy, hidden, state: alive ? state : undefined };
    }
  }

  writeOf({ wid }: Version): Write | undefined {
    return this.#writes.get(wid);
  }

  /** When what `life` left waiting at `time` had reached the log; never if it did not live to see that. */
  settledAfter(life: number, time: number): number {
    return this.#settled.get(life)?.find((at) => at >= time) ?? Number.POSITIVE_INFINITY;
  }
}

function writeOf({ life, wid, kind, at }: WriteLine): Write {
  return { life, wid, kind, at };
}
