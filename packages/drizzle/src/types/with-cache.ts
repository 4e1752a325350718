import type { CacheConfig } from 'drizzle-orm/cache/core/types';
import type { CachedOptions } from '../options/options.js';

// `$withCache` of the select builders takes our options, too. The generations of Drizzle declare it in different modules and classes:
// `#select/*` (`imports` in package.json) is the module that the installed one has, 1.0's first, as the compiler goes on where one is missing.
// Of two interfaces one adds to a class of that module, and the other stands there for itself.

/** What `$withCache` takes of Drizzle's own. */
type DrizzleCacheArgument =
  | { readonly config?: CacheConfig; readonly tag?: string; readonly autoInvalidate?: boolean }
  | false;

declare module '#select/mysql' {
  interface MySqlSelectQueryBuilderBase<
    THKT,
    TTableName,
    TSelection,
    TSelectMode,
    TPreparedQueryHKT,
    TNullabilityMap,
    TDynamic,
    TExcludedMethods,
    TResult,
    TSelectedFields,
  > {
    /** This query uses the cache of `withCachetastic` as `cache` says: in 0.45. */
    $withCache(cache: CachedOptions): this;
  }
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
    /** This query uses the cache of `withCachetastic` as `cache` says: in 1.0. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}

declare module '#select/pg' {
  interface PgSelectQueryBuilderBase<
    THKT,
    TTableName,
    TSelection,
    TSelectMode,
    TNullabilityMap,
    TDynamic,
    TExcludedMethods,
    TResult,
    TSelectedFields,
  > {
    /** This query uses the cache of `withCachetastic` as `cache` says: in 0.45. */
    $withCache(cache: CachedOptions): this;
  }
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
    /** This query uses the cache of `withCachetastic` as `cache` says: in 1.0. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}

declare module '#select/sqlite' {
  interface SQLiteSelectBase<
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
    /** This query uses the cache of `withCachetastic` as `cache` says: in 0.45. */
    $withCache(cache: CachedOptions): this;
  }
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
    /** This query uses the cache of `withCachetastic` as `cache` says: in 1.0. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}
