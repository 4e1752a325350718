import type { CacheEvent } from '@cachetastic/core';
import { Redis } from 'ioredis';
import { type Blog, createBlogDatabase, openBlog } from '../../support/blog.js';
import { observe } from '../../support/observed-reads.js';
import { SecondProcess } from '../../support/second-process/index.js';
import { type NetworkProxy, startProxy, startRedis, waitUntil } from '../../support/services/index.js';
import type { Service } from '../../support/services/service.js';
import { SEED } from '../catalogue/seed.js';

const PASSWORD = 'right';
const OTHER_PASSWORD = 'other';

/** Two processes, this one and another, that share a database and a Redis which may be mistreated. */
export interface World {
  readonly redis: Service;
  readonly here: Blog;
  readonly there: SecondProcess;
  /** Each process's own way to Redis, where there are such. */
  readonly ways: { readonly here: NetworkProxy; readonly there: NetworkProxy } | undefined;
  /** What the cache of this process told, from the first event. */
  readonly events: readonly CacheEvent[];
  close(): Promise<void>;
}

/**
 * Opens both processes. Their caches open with the first read.
 *
 * @param proxied - Puts a proxy between each process and Redis.
 */
export async function openWorld({ proxied = false }: { readonly proxied?: boolean } = {}): Promise<World> {
  const [database, redis] = await Promise.all([
    createBlogDatabase(),
    startRedis({ persistent: true, password: PASSWORD }),
  ]);
  const ways = proxied ? { here: await startProxy(redis), there: await startProxy(redis) } : undefined;
  const url = (way: 'here' | 'there'): string => ways?.[way].url(redis.url) ?? redis.url;
  const events: CacheEvent[] = [];
  const here = openBlog(database.url, { redis: url('here'), onEvent: (event) => events.push(event) });
  const [there] = await Promise.all([
    SecondProcess.start({ databaseUrl: database.url, options: { redis: url('there') } }),
    database.execute(SEED),
  ]);
  const close = async (): Promise<void> => {
    await there.close();
    await here.close();
    await Promise.all([ways?.here.close(), ways?.there.close(), redis.stop()]);
    await database.drop();
  };
  return { redis, here, there, ways, events, close };
}

/** Waits until both processes trust their caches and know the log to the same end, and nothing waits in this one. */
export async function settled({ here, there }: World): Promise<void> {
  await waitUntil(
    'both caches',
    async () => {
      const mine = here.db.$cache.stats();
      const other = await there.call('stats');
      const same = mine.log.epoch === other.log.epoch && mine.log.seq === other.log.seq;
      if (mine.queued > 0 || !mine.log.confirmed || !other.log.confirmed || !same) {
        throw new Error(JSON.stringify([mine.queued, mine.log, other.log]));
      }
    },
    15_000,
  );
}

/** Opens both caches, and waits until they trust what they hold. */
export async function ready(world: World): Promise<void> {
  for (const read of ['row', 'list', 'quiet'] as const) {
    await observe(world.here, read);
    await world.there.call('see', { read });
  }
  await settled(world);
}

/** Tells Redis something, past every cache. */
export async function command(url: string, ...words: readonly [string, ...string[]]): Promise<void> {
  const client = new Redis(url);
  try {
    await client.call(...words);
  } finally {
    client.disconnect();
  }
}

/** Has Redis ask for another password than its clients know, and ends their connections. */
export async function changePassword({ url }: Service): Promise<void> {
  await command(url, 'config', 'set', 'requirepass', OTHER_PASSWORD);
  const changed = url.replace(PASSWORD, OTHER_PASSWORD);
  for (const type of ['normal', 'pubsub']) await command(changed, 'client', 'kill', 'type', type);
}

/** Has it ask for the password again that they know. */
export async function restorePassword({ url }: Service): Promise<void> {
  await command(url.replace(PASSWORD, OTHER_PASSWORD), 'config', 'set', 'requirepass', PASSWORD);
}
