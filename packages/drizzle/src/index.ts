import './generation-0/select-builders.js';
import './generation-1/select-builders.js';

export type { CacheEvent, CacheListener, CacheStats, ReadInfo } from '@cachetastic/core';
export {
  InvalidationLostError,
  InvalidOptionError,
  mismatchBound,
  UnidentifiedDatabaseError,
  UnsafeSetupError,
  WriteNotAnnouncedError,
} from '@cachetastic/core';
export type { Explanation, ReadCacheArgument, ReadCacheOptions } from '@cachetastic/core/adapter';
export type { DrizzleCacheControl, Invalidation, TableName } from './client/cache-control.js';
export type { Cached, CacheMethods } from './client/database-types.js';
export type { CacheMutation } from './drizzle-cache/cache-contract.js';
export { type DrizzleCache, drizzleCache } from './drizzle-cache/drizzle-cache.js';
export type { DrizzleCacheOptions, DrizzleCachePolicy } from './drizzle-cache/options.js';
export type { CachedOptions, CachetasticOptions, TableOptions } from './options/options.js';
export { withCachetastic } from './with-cachetastic.js';
