import type { Lifetime } from '../entry/lifetime.js';
import type { LoadContext } from './query.js';

/** What the cache holds for a query. */
export type Finding<Value> = Found<Value> | Missing<Value>;

/** A valid and fresh result. The value belongs to the caller. */
export interface Found<Value> {
  readonly found: true;
  readonly value: Value;
}

/**
 * No result. The caller may hand in what it loads from now on, if it loads from the primary: the stamp of this moment
 * judges it like any other entry.
 *
 * Calling neither method is allowed. Neither throws, and only the first call counts.
 */
export interface Missing<Value> extends Pick<LoadContext, 'keepPrivate'> {
  readonly found: false;
  /**
   * Keeps a copy of `value`: the caller's own may be changed afterwards.
   *
   * @param lifetime - How long it may be served, if that is known only now. @defaultValue the query's
   */
  fill(value: Value, lifetime?: Lifetime): void;
}
