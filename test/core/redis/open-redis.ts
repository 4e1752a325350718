import { type CacheEvent, CacheEvents, systemClock } from '@cachetastic/core';
import { Redis } from 'ioredis';
import type { RedisClient } from '../../../packages/core/src/redis/redis-client.js';
import { RedisConnection } from '../../../packages/core/src/redis/redis-connection.js';
import { RedisLog } from '../../../packages/core/src/redis/redis-log.js';
import { type RedisSource, sourceOfClient, sourceOfUrl } from '../../../packages/core/src/redis/redis-source.js';
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

/** How {@link openLog} opens a log. */
export interface LogSettings {
  readonly deadline?: number;
  readonly openingDeadline?: number;
  readonly length?: number;
}

/** Opens the log of `namespace` over connections like that of `client`, which is closed with the log. */
export function openLog(client: RedisClient, namespace: string, settings: LogSettings = {}): OpenedLog {
  const opened = openLogOf(sourceOfClient(client), namespace, settings);
  const close = opened.log.close.bind(opened.log);
  opened.log.close = async () => {
    await close();
    client.disconnect();
  };
  return opened;
}

/** Opens the log of `namespace` over connections from `source`. */
export function openLogOf(
  source: RedisSource,
  namespace: string,
  { deadline = 1_000, openingDeadline = 5_000, length = 10_000 }: LogSettings = {},
): OpenedLog {
  const events = new CacheEvents();
  const heard: CacheEvent[] = [];
  events.on((event) => heard.push(event));
  const connection = new RedisConnection({ source, deadline, openingDeadline, clock: systemClock, events });
  return {
    log: new RedisLog({ connection, namespace, length, clock: systemClock, events }),
    connection,
    events: heard,
  };
}

/** Connections to `url` as ours are, each of them at hand. */
export function watchedSource(url: string): RedisSource & { readonly made: Redis[] } {
  const source = sourceOfUrl('redis.url', url);
  const made: Redis[] = [];
  return {
    cluster: false,
    made,
    async make() {
      const client = await source.make();
      if (client instanceof Redis) made.push(client);
      return client;
    },
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
