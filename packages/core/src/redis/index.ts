import type { InvalidationLog } from '../log/invalidation-log.js';
import { poolOf } from '../process/pool.js';
import { CacheEvents } from '../telemetry/events.js';
import type { OpenSharedStore, SharedStore, SharedStoreContext } from '../tier/shared-store.js';
import type { Tier } from '../tier/tier.js';
import { RedisConnection } from './redis-connection.js';
import { RedisLog } from './redis-log.js';
import { type RedisTierOptions, type ResolvedRedisOptions, resolveRedisOptions } from './redis-options.js';
import { RedisTier } from './redis-tier.js';

export type { RedisClient, RedisClusterClient, RedisServerClient } from './redis-client.js';
export type { RedisTierOptions } from './redis-options.js';

/** The store that {@link redis} makes: a tier and a log. */
export interface RedisStore extends SharedStore {
  open(context: SharedStoreContext): OpenSharedStore & { readonly tier: Tier; readonly log: InvalidationLog };
}

/**
 * Keeps entries and the invalidation log in Redis, for every process that uses the same namespace.
 *
 * @throws {@link InvalidOptionError} naming the option.
 * @example
 * ```ts
 * const shared = redis({ url: 'redis://localhost:6379' });
 * ```
 */
export function redis(options: RedisTierOptions): RedisStore {
  const resolved = resolveRedisOptions(options);
  const { logLength, maxEntryBytes } = resolved;
  return {
    name: 'redis',
    open(context) {
      const { namespace, valueTypes, events, clock } = context;
      const { connection, letGo, stopListening } = connect(resolved, context);
      return {
        tier: new RedisTier({ connection, namespace, valueTypes, maxEntryBytes, onClosed: letGo }),
        log: new RedisLog({ connection, namespace, length: logLength, clock, events, onClosed: stopListening }),
        connection,
      };
    },
  };
}

interface Connected {
  readonly connection: RedisConnection;
  /** For when the tier has closed. */
  readonly letGo: () => void;
  /** For when the log has closed. */
  readonly stopListening: () => void;
}

/** The connection that others of the process have made with equal options, or a new one. */
function connect(
  { source, origin, deadline, openingDeadline }: ResolvedRedisOptions,
  { process, clock, events }: SharedStoreContext,
): Connected {
  const open = (heard: CacheEvents): RedisConnection =>
    new RedisConnection({ source, deadline, openingDeadline, clock, events: heard });
  if (process === undefined) return { connection: open(events), letGo() {}, stopListening() {} };
  const lease = poolOf<SharedConnection>(process, 'redis').take([origin, deadline, openingDeadline], () => {
    const hub = new CacheEvents();
    return { connection: open(hub), events: hub };
  });
  const stopListening = lease.part.events.on((event) => events.emit(event));
  return { connection: lease.part.connection, letGo: () => void lease.end(), stopListening };
}

/** A connection that several caches use. */
interface SharedConnection {
  readonly connection: RedisConnection;
  /** Passes events on to all of these caches. */
  readonly events: CacheEvents;
}
