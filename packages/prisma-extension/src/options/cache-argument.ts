import type { ReadCacheArgument, ReadCacheOptions, WriteCacheOptions } from '@cachetastic/core/adapter';

export type { ReadCacheArgument, ReadCacheOptions, WriteCacheOptions };

/** What `$cached` takes: how every read of the client that it makes uses the cache. */
export interface CachedOptions extends ReadCacheOptions {
  /**
   * The models that raw SQL reads in addition to the tables that it names: if it reads through a function, a view without
   * `dependsOn`, or a table that is not in the schema.
   *
   * @defaultValue none
   */
  readonly models?: readonly string[] | undefined;
}
