import { RedisLog } from './invalidation/redis-log.js';
import type { SharedTier } from './invalidation/shared-tier.js';
import { RedisConnection } from './tier/redis-connection.js';
import { type RedisTierOptions, resolveRedisOptions } from './tier/redis-options.js';
import { RedisTier } from './tier/redis-tier.js';

export type { RedisClient, RedisClusterClient, RedisServerClient } from './tier/redis-client.js';
export type { RedisTierOptions } from './tier/redis-options.js';

/**
 * Keeps entries and the invalidation log in Redis, for every process that uses the same namespace.
 *
 * @throws {@link InvalidOptionError} naming the option.
 * @example
 * ```ts
 * const shared = redis({ url: 'redis://localhost:6379' });
 * ```
 */
export function redis(options: RedisTierOptions): SharedTier {
  const { source, deadline, openingDeadline, logLength, maxEntryBytes } = resolveRedisOptions(options);
  return {
    name: 'redis',
    open({ namespace, valueTypes, events, clock }) {
      const connection = new RedisConnection({ source, deadline, openingDeadline, clock, events });
      return {
        tier: new RedisTier({ connection, namespace, valueTypes, maxEntryBytes }),
        log: new RedisLog({ connection, namespace, length: logLength, clock, events }),
      };
    },
  };
}
