import { type CachedPolicy, parseCachedPolicy } from '@cachetastic/core/adapter';

/** Reads what `$cached` was given. @throws {@link InvalidOptionError} naming the option. */
export function parseCached(given: unknown): CachedPolicy {
  return parseCachedPolicy(given, 'models');
}
