import type { CacheConfig } from 'drizzle-orm/cache/core/types';
import type { CachedOptions } from '../dist/options/options.js' with { 'resolution-mode': 'import' };

// `src/generation-0/select-builders.ts` and that of generation 1, for CommonJS: there the classes of Drizzle are others, declared in `.d.cts` files. Only the way in which the
// names of modules are resolved differs, and that depends on the kind of this file.

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
