/** What the caches are set to promise: `bounded` staleness, or `strong` reads. */
export type Mode = 'bounded' | 'strong';

/** How the caches are configured: everything is short, so that every bound can be seen to end. In milliseconds. */
export const TERMS = {
  maxStaleness: 500,
  ttl: 3_000,
  lease: 500,
  fence: 2_000,
  /** How long Redis is waited for. More than the default: the machine is busy, and its pauses are not the subject. */
  deadline: 100,
  /** The least that Redis keeps of the log, in records. */
  logLength: 100,
} as const;

/** What the checker allows beyond `maxStaleness`, in milliseconds: the rounding of clocks. */
export const MARGIN = 10;

/** What it allows beyond `ttl`, in milliseconds: processes know the log's time only about. */
export const TTL_MARGIN = 400;

/** How much earlier than the fence the database refuses a commit, in milliseconds. */
export const FENCE_RESERVE = 200;

/** The rows that are always there: items 1 to 40 in 8 groups, of parents 1 to 6. */
export const ITEMS = 40;
export const GROUPS = 8;
export const PARENTS = 6;

/** How hard a process works. Times are milliseconds, each drawn from 0 to twice the mean. */
export interface Load {
  readonly readers: number;
  readonly readPause: number;
  readonly writers: number;
  readonly writePause: number;
  /** Which writes. @defaultValue all of them */
  readonly writes?: readonly string[];
}

export const USUAL_LOAD: Load = { readers: 3, readPause: 6, writers: 1, writePause: 180 };
