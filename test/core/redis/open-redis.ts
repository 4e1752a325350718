import { type CacheEvent, CacheEvents, systemClock } from '@cachetastic/core';
import { Redis } from 'ioredis';
import { RedisLog } from '../../../packages/core/src/invalidation/redis-log.js';
import type { RedisClient } from '../../../packages/core/src/tier/redis-client.js';
import { RedisConnection } from '../../../packages/core/src/tier/redis-connection.js';
import { waitUntil } from '../../support/services/index.js';

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(
    condition.toString(),
    async () => {
      if (!(await condition())) throw new Error('not yet');
    },
    10_000,
  );
}

/** A log of one imagined process. */
export interface OpenedLog {
  readonly log: RedisLog;
  readonly connection: RedisConnection;
  readonly events: readonly CacheEvent[];
}

/** Opens the log of `namespace` with `client`, which it closes at the end if it is `owned`. */
export function openLog(
  client: RedisClient,
  namespace: string,
  { owned = true, deadline = 1_000, length = 10_000 }: { owned?: boolean; deadline?: number; length?: number } = {},
): OpenedLog {
  const events = new CacheEvents();
  const heard: CacheEvent[] = [];
  events.on((event) => heard.push(event));
  const connection = new RedisConnection({ client, owned, deadline, clock: systemClock, events });
  return {
    log: new RedisLog({ connection, namespace, length, clock: systemClock, events }),
    connection,
    events: heard,
  };
}

/** A client that gives up at once, as ours do. */
export function connect(url: string): Redis {
  return new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 50, 500),
  });
}
