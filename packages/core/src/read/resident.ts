import type { Entry } from '../entry/entry.js';
import type { Stamp } from '../log/stamp.js';

/** Makes a private copy of the one value it belongs to, which nobody outside ever sees itself. */
export type Copier<Value> = () => Value;

/** An entry as the memory tier keeps it: with what makes a hit cheap. */
export interface Resident<Value = unknown> {
  readonly entry: Entry<Value>;
  readonly copy: Copier<Value>;
  /** The position up to which nothing affected it: its stamp at first, moved forward whenever it is judged. */
  judgedAt: Stamp;
  /** A load for it failed: none is tried again before this time, so that a struggling database is not hammered. */
  retryAt: number;
  /** What somebody made of it. */
  mapped?: KeptMapping | undefined;
}

/** What was made of an answer, for all who make the same of it. */
export interface KeptMapping {
  readonly of: object;
  readonly copy: Copier<unknown>;
  /** In bytes, estimated. */
  readonly weight: number;
  /** Whether anybody wanted it since somebody wanted another. */
  wanted: boolean;
}
