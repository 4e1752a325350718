import type {} from 'drizzle-orm/sqlite-core';
import type { CachedOptions } from '../options/options.js';
import type { DrizzleCacheArgument } from './with-cache.js';

declare module 'drizzle-orm/sqlite-core/query-builders/select' {
  // biome-ignore lint/suspicious/noTsIgnore: it is an error with one generation only, and it must stay in the declarations
  /** @ts-ignore 1.0 has another class of this name, below what applications see. */
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
    /** This query uses the cache of `withCachetastic` as `cache` says. */
    $withCache(cache: CachedOptions): this;
  }
}

// biome-ignore lint/suspicious/noTsIgnore: it is an error with one generation only, and it must stay in the declarations
/** @ts-ignore There is no such module before 1.0. */
declare module 'drizzle-orm/sqlite-core/async/select' {
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
    /** This query uses the cache of `withCachetastic` as `cache` says. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}
