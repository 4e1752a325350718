import type {} from 'drizzle-orm/pg-core';
import type { CachedOptions } from '../options/options.js';
import type { DrizzleCacheArgument } from './with-cache.js';

declare module 'drizzle-orm/pg-core/query-builders/select' {
  /** 0.45. */
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
    /** This query uses the cache of `withCachetastic` as `cache` says. */
    $withCache(cache: CachedOptions): this;
  }
}

// biome-ignore lint/suspicious/noTsIgnore: it is an error with one generation only, and it must stay in the declarations
/** @ts-ignore There is no such module before 1.0. */
declare module 'drizzle-orm/pg-core/async/select' {
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
    /** This query uses the cache of `withCachetastic` as `cache` says. */
    $withCache(cache?: CachedOptions | DrizzleCacheArgument): this;
  }
}
