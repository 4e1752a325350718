/** One thing that happened. */
export interface TraceLine {
  readonly at: number;
  readonly who: string;
  readonly what: string;
  /** The rows that it is about; absent: any. */
  readonly rows?: readonly number[] | undefined;
}

/** The story of one world, kept only if it is wanted. */
export class Trace {
  readonly on: boolean;
  readonly lines: TraceLine[] = [];
  readonly #now: () => number;

  constructor(on: boolean, now: () => number) {
    this.on = on;
    this.#now = now;
  }

  tell(who: string, what: string, rows?: readonly number[]): void {
    if (this.on) this.lines.push({ at: this.#now(), who, what, rows });
  }
}

/** The last `count` lines up to `until` that may concern `rows`. */
export function formatTrace(
  lines: readonly TraceLine[],
  rows: readonly number[],
  until: number,
  count: number,
): string {
  const relevant = lines.filter((line) => line.at <= until && (line.rows?.some((row) => rows.includes(row)) ?? true));
  return relevant
    .slice(-count)
    .map(({ at, who, what }) => `${at.toFixed(2).padStart(9)}  ${who.padEnd(9)} ${what}`)
    .join('\n');
}
