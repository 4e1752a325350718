import type { ReadCacheArgument } from '@cachetastic/core/adapter';
import type { CachedOptions } from '../options/options.js';
import type { CachedQueries } from '../types/cached-queries.js';
import type { DrizzleCacheControl } from './cache-control.js';

/** What a database gains. */
export interface CacheMethods<Database> {
  /**
   * The same database, whose every read uses the cache as `options` say: the select builder, relational queries,
   * prepared statements, `$count`, `execute`. In a transaction nothing is cached.
   *
   * Tags label what its reads cache, and are what its writes invalidate.
   */
  $cached(options?: ReadCacheArgument | CachedOptions): Cached<Database>;
  readonly $cache: DrizzleCacheControl;
}

/** `Database` with a cache: it is still assignable to what it was. */
export type Cached<Database> = Database & CacheMethods<Database> & CachedQueries<Database>;
