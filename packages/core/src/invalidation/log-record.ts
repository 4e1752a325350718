import type { Stamp } from '../entry/stamp.js';
import type { Change } from './change.js';

/** A place in the log. What an entry remembers of it is its {@link Stamp}. */
export type LogPosition = Stamp;

/** All the changes of one commit, at its place in the log. */
export interface LogRecord {
  readonly seq: number;
  readonly changes: readonly Change[];
}
