import type { CacheControl } from '@cachetastic/core/adapter';

/** A table or view of Drizzle's, or its name in the database. */
export type TableName = string | object;

/** What {@link DrizzleCacheControl.invalidate} invalidates. */
export interface Invalidation {
  /** Every cached answer that depends on one of these tables. */
  readonly tables?: TableName | readonly TableName[] | undefined;
  /** Every cached answer that carries one of these labels. */
  readonly tags?: string | readonly string[] | undefined;
  /** Every cached answer of the namespace. */
  readonly everything?: boolean | undefined;
}

/** `db.$cache`: the cache of a database. In a transaction, what it invalidates by hand waits for the commit. */
export interface DrizzleCacheControl extends CacheControl<Invalidation> {}
