import type { Change } from '../match/change.js';
import type { Footprint } from '../match/footprint.js';
import type { Reason } from '../telemetry/events.js';

/** What a read depends on, or why it must not be cached. */
export type ReadAnalysis =
  | {
      readonly cacheable: true;
      readonly footprint: Footprint;
      /** The footprint once the answer is known: never more than `footprint`. */
      readonly narrow?: ((value: unknown) => Footprint) | undefined;
    }
  | { readonly cacheable: false; readonly reason: Reason };

/** What a write may have done. */
export interface WriteAnalysis {
  readonly changes: readonly Change[];
  /** Why more is invalidated than was necessary, where that is so. */
  readonly widened?: Reason | undefined;
}
