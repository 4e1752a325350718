import type { ReadCacheArgument, ReadCacheOptions, WriteCacheOptions } from '@cachetastic/core/adapter';

export type { ReadCacheArgument, ReadCacheOptions, WriteCacheOptions };

/** What `$cached` takes: how every read of the client that it makes uses the cache. */
export interface CachedOptions extends ReadCacheOptions {
  /** The models that raw SQL reads. Without it `$queryRaw`, `$queryRawUnsafe` and `$queryRawTyped` are never cached. */
  readonly models?: readonly string[] | undefined;
}
