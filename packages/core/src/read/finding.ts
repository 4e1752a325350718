import type { Lifetime } from '../entry/lifetime.js';
import type { LoadContext } from './query.js';

/** What the cache holds for a question. */
export type Finding<Value> = Found<Value> | Missing<Value>;

/** An answer that is fresh and right. The value belongs to the caller. */
export interface Found<Value> {
  readonly found: true;
  readonly value: Value;
}

/**
 * No answer. Whatever the caller loads from now on may be kept, if he loads it from the database that is written to: the
 * log position known before is taken down here, and judges the answer like any other.
 *
 * To let it go costs nothing. Nothing of it throws, and of several calls only the first counts.
 */
export interface Missing<Value> extends Pick<LoadContext, 'keepPrivate'> {
  readonly found: false;
  /**
   * Keeps a copy of `value`: the caller's own may be changed afterwards.
   *
   * @param lifetime - For how long, if that is known only now. @defaultValue the query's
   */
  fill(value: Value, lifetime?: Lifetime): void;
}
