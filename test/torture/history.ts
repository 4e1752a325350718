/*
 * What processes note down, a line of JSON for each. Times are milliseconds of the clock that all processes of this
 * machine share.
 */

/** A row as a read saw it: its table and id (`i7`, `p2`), its version, and the write that it says made it so. */
export type SeenRow = readonly [row: string, version: number, wid: number];

export interface ReadLine {
  readonly type: 'read';
  /** The process, by the life that it lives: one that was killed comes back as another. */
  readonly life: number;
  readonly kind: string;
  readonly argument: number;
  readonly at: number;
  readonly until: number;
  /** Where the answer came from: `memory`, `redis`, `shared-load`, `origin`. */
  readonly source: string;
  readonly reason?: string;
  readonly rows: readonly SeenRow[];
  /** For counts. */
  readonly count?: number;
  /** What the process knew of the log afterwards. */
  readonly log: string;
}

/** A read that rejected. */
export interface FailedReadLine {
  readonly type: 'failed-read';
  readonly life: number;
  readonly at: number;
  readonly until: number;
  readonly error: string;
}

/** Noted before the write is sent. */
export interface WriteLine {
  readonly type: 'write';
  readonly life: number;
  readonly wid: number;
  readonly kind: string;
  readonly at: number;
}

/** Noted when its caller was answered. */
export interface AnswerLine {
  readonly type: 'answer';
  readonly wid: number;
  readonly at: number;
  /** What it rejected with. */
  readonly error?: string;
  /** Whether invalidations of the process waited for the log then. */
  readonly waits: boolean;
}

/** No invalidation of the process waits any more. */
export interface SettledLine {
  readonly type: 'settled';
  readonly life: number;
  readonly at: number;
}

/** What the cache told about the log. */
export interface EventLine {
  readonly type: 'event';
  readonly life: number;
  readonly at: number;
  readonly event: string;
}

export type Line = ReadLine | FailedReadLine | WriteLine | AnswerLine | SettledLine | EventLine;

/** Numbers of writes say whose they are: the life, and the how manieth of it. */
export const WRITES_PER_LIFE = 100_000;
