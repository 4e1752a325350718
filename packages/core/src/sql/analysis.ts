import type { Footprint } from '../entry/footprint.js';
import type { Reason } from '../events.js';
import type { Change } from '../invalidation/change.js';

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

/** Raw SQL: whether it only reads, and what it touches. */
export interface RawAnalysis {
  /** Certain: no data-modifying statement, locking clause or function call that may write. */
  readonly readOnly: boolean;
  /**
   * Whether the answer may differ for the same text and values: `now()`, `random()`, session settings. Strings that mean
   * the present are none of it: see `changesByItself`.
   */
  readonly volatile: boolean;
  /** The tables of the schema that it names, those that are only read too. */
  readonly named: readonly string[];
  readonly write: WriteAnalysis;
}
