import type { Stamp } from '../log/stamp.js';
import type { Footprint } from '../match/footprint.js';

/** A cached result: the value, its times, and what decides whether it is still valid. */
export interface Entry<Value = unknown> {
  readonly value: Value;
  readonly footprint: Footprint;
  /** The log position known before the load began. */
  readonly stamp: Stamp;
  /** When it was loaded. This and the next two: milliseconds in the log's time, which is the same on every node. */
  readonly createdAt: number;
  /** When it stops being fresh. */
  readonly staleAt: number;
  /** Until when it may be served stale while it is refreshed in the background. At least `staleAt`. */
  readonly refreshUntil: number;
  /** When it may no longer be served: the later of `refreshUntil` and the end of `grace`. */
  readonly expiresAt: number;
}
