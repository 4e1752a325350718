import type { Stamp } from '../log/stamp.js';
import type { Footprint } from '../match/footprint.js';

/** A cached answer: the value, when it stops being fresh, and what decides whether it is still right. */
export interface Entry<Value = unknown> {
  readonly value: Value;
  readonly footprint: Footprint;
  /** The log position known before the load began. */
  readonly stamp: Stamp;
  /** When it was loaded. This and the next two: milliseconds in the log's time, so that every node reads them alike. */
  readonly createdAt: number;
  /** When it stops being fresh. */
  readonly staleAt: number;
  /** Until when it may be served stale *first*, with a refresh behind. At least `staleAt`. */
  readonly refreshUntil: number;
  /** When it is of no use any more: the end of `refreshUntil` and of grace, whichever is later. */
  readonly expiresAt: number;
}
