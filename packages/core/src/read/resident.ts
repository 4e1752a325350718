import type { Entry } from '../entry/entry.js';
import type { Stamp } from '../log/stamp.js';

/** Makes a private copy of one value. Callers never see that value itself. */
export type Copier<Value> = () => Value;

/** An entry as the memory tier keeps it: with what makes a hit cheap. */
export interface Resident<Value = unknown> {
  readonly entry: Entry<Value>;
  readonly copy: Copier<Value>;
  /** The position up to which no change affected it: its stamp at first, moved forward whenever it is judged. */
  judgedAt: Stamp;
  /** After a failed load, the time before which it is not loaded again, so that a struggling database is spared. */
  retryAt: number;
  projected?: KeptProjection | undefined;
}

/** A projection that is kept beside an entry. */
export interface KeptProjection {
  readonly id: object;
  readonly copy: Copier<unknown>;
  /** In bytes, estimated. */
  readonly weight: number;
  /** Whether a hit requested it since one last requested another. */
  requested: boolean;
}
