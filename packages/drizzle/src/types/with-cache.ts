import type { CacheConfig } from 'drizzle-orm/cache/core/types';

/** What `$withCache` takes of Drizzle's own. */
export type DrizzleCacheArgument =
  | { readonly config?: CacheConfig; readonly tag?: string; readonly autoInvalidate?: boolean }
  | false;
