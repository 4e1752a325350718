import type { CacheConfig } from 'drizzle-orm/cache/core/types';
import type { CachedOptions } from '../options/options.js';

// `$withCache` of the select builders also takes our options. The generations of Drizzle declare it in different modules and classes:
// `#select/*` (`imports` in package.json) is the module that the installed one has, 1.0's first, as the compiler goes on where one is missing.
// With the other generation installed, these interfaces add to no class.

/** What `$withCache` takes of Drizzle's own. */
type DrizzleCacheArgument =
  | { readonly config?: CacheConfig; readonly tag?: string; readonly autoInvalidate?: boolean }
  | false;

declare module '#select/mysql' {
  interface MySqlAsyncSelectBase<
    TTableName,
    TSelection,
    TSelectMode,
    TNullabilityMap,
    TDynamic,
    TExcludedMethods,
    TResult,
    TSelectedFields,
  > {
    /** Uses the cache of `withCachetastic` for this query, with the options `cache`. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}

declare module '#select/pg' {
  interface PgAsyncSelectBase<
    TTableName,
    TSelection,
    TSelectMode,
    TNullabilityMap,
    TDynamic,
    TExcludedMethods,
    TResult,
    TSelectedFields,
  > {
    /** Uses the cache of `withCachetastic` for this query, with the options `cache`. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}

declare module '#select/sqlite' {
  interface SQLiteAsyncSelectBase<
    TTableName,
    TResultType,
    TRunResult,
    TSelection,
    TSelectMode,
    TNullabilityMap,
    TDynamic,
    TExcludedMethods,
    TResult,
    TSelectedFields,
  > {
    /** Uses the cache of `withCachetastic` for this query, with the options `cache`. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}
