import type { CacheControl } from '@cachetastic/core/adapter';

/** A Drizzle table or view, or its name in the database. */
export type TableName = string | object;

/** What {@link DrizzleCacheControl.invalidate} invalidates. */
export interface Invalidation {
  /** Every cached result that depends on one of these tables. */
  readonly tables?: TableName | readonly TableName[] | undefined;
  /** Every cached result that has one of these tags. */
  readonly tags?: string | readonly string[] | undefined;
  /** Every cached result of the namespace. */
  readonly everything?: boolean | undefined;
}

/** `db.$cache`: the cache of a database. In a transaction, manual invalidations wait for the commit. */
export interface DrizzleCacheControl extends CacheControl<Invalidation> {}
