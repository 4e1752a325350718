import { withCachetastic } from '@cachetastic/drizzle';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEED } from '../behaviour/catalogue/seed.js';
import { createBlogDatabase, openBlog } from '../support/blog.js';
import {
  type Service,
  startRedis,
  type TestDatabase,
  talkTo,
  uniqueNamespace,
  waitUntil,
} from '../support/services/index.js';
import { heapAfterCollection, more, resources, times } from './measure.js';

const CYCLES = times(6, 300);
const MB = 1_048_576;
const users = pgTable('users', { id: integer('id').primaryKey(), score: integer('score').notNull() });

let database: TestDatabase;
let server: Service;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(SEED);
  server = await startRedis();
});

afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

/** What `redis` takes. */
type RedisOption = string | Redis;

const ADAPTERS = {
  async Prisma(redis: RedisOption, namespace: string) {
    const { db, close } = openBlog(database.url, { redis, namespace });
    await db.user.findUnique({ where: { id: 1 }, cache: 60 });
    await db.user.update({ where: { id: 1 }, data: { score: 1 } });
    await close();
  },
  async Drizzle(redis: RedisOption, namespace: string) {
    const pool = new pg.Pool({ connectionString: database.url });
    const db = withCachetastic(drizzle(pool), { redis, namespace, schema: { users } });
    await db.$cached().select().from(users);
    await db.update(users).set({ score: 2 });
    await db.$cache.close();
    await pool.end();
  },
};

describe.each(Object.entries(ADAPTERS))('%s', (_, cycle) => {
  it('a closed client leaves no socket, timer or connection', { timeout: 600_000 }, async () => {
    const namespace = uniqueNamespace();
    await cycle(server.url, namespace);
    await settled({});
    const before = resources();
    const heapBefore = await heapAfterCollection();

    for (let at = 0; at < CYCLES; at++) await cycle(server.url, namespace);

    await settled(before);
    const grown = (await heapAfterCollection()) - heapBefore;
    expect(grown).toBeLessThan(16 * MB + CYCLES * 20_000);
  });

  it('a Redis client of the application stays open, with the listeners that it had', {
    timeout: 600_000,
  }, async () => {
    const namespace = uniqueNamespace();
    const client = new Redis(server.url);
    await client.ping();
    const before = listenersOf(client);

    for (let at = 0; at < CYCLES; at++) await cycle(client, namespace);

    expect(await client.ping()).toBe('PONG');
    await waitUntil('the listeners are gone', async () => expect(listenersOf(client)).toEqual(before));
    client.disconnect();
  });
});

/** Waits until nothing is left of what was closed: not here, and not in Redis. */
async function settled(before: Readonly<Record<string, number>>): Promise<void> {
  await waitUntil('only this question is connected to Redis', async () => {
    expect(
      await talkTo(
        server,
        async (redis) =>
          String(await redis.client('LIST'))
            .trim()
            .split('\n').length,
      ),
    ).toBe(1);
  });
  if (Object.keys(before).length === 0) return;
  await waitUntil('sockets and timers are gone', async () => expect(more(before)).toEqual({}));
}

function listenersOf(client: Redis): Readonly<Record<string, number>> {
  return Object.fromEntries(client.eventNames().map((name) => [String(name), client.listenerCount(name)]));
}
