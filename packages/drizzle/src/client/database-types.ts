import type { ReadCacheArgument } from '@cachetastic/core/adapter';
import type { CachedOptions } from '../options/options.js';
import type { CachedQueries } from '../types/cached-queries.js';
import type { DrizzleCacheControl } from './cache-control.js';

/** What `withCachetastic` adds to a database. */
export interface CacheMethods<Database> {
  /**
   * The same database, whose every read uses the cache with `options`: the select builder, relational queries,
   * prepared statements, `$count`, `execute`. In a transaction nothing is cached.
   *
   * Results that its reads cache have the `tags`, and its writes invalidate the `tags`.
   */
  $cached(options?: ReadCacheArgument | CachedOptions): Cached<Database>;
  readonly $cache: DrizzleCacheControl;
}

/** `Database` with a cache. It is still assignable to `Database`. */
export type Cached<Database> = Database & CacheMethods<Database> & CachedQueries<Database>;
