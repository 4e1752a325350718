import type { CacheEvent } from '@cachetastic/core';
import { SeparateProcess } from '@cachetastic/core/testing';
import { withCachetastic } from '@cachetastic/drizzle';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';
import {
  type ReplicatedPostgres,
  sharedRedis,
  startReplicatedPostgres,
  uniqueNamespace,
  waitUntil,
} from '../support/services/index.js';

const notes = pgTable('notes', { id: integer('id').primaryKey(), text: text('text') });

let servers: ReplicatedPostgres;
let redis: string;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  redis = await sharedRedis();
  servers = await startReplicatedPostgres('0ms');
  const primary = poolOf(servers.primary.url);
  const standby = poolOf(servers.standby.url);
  await primary.query(
    "create table notes (id integer primary key, text text); insert into notes values (1, 'original')",
  );
  await waitUntil('the standby has the row', async () => {
    expect((await standby.query('select * from notes')).rows).toHaveLength(1);
  });
  await standby.query('select pg_promote()');
});

afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await servers?.stop();
});

function poolOf(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url });
  undo.push(() => pool.end());
  return pool;
}

function listener() {
  const events: CacheEvent[] = [];
  return {
    onEvent: (event: CacheEvent) => void events.push(event),
    reported: () => events.flatMap((event) => (event.type === 'two-servers' ? [event.servers] : [])),
  };
}

function open(url: string, namespace: string) {
  const { onEvent, reported } = listener();
  const db = new SeparateProcess().run(() =>
    withCachetastic(drizzle(poolOf(url)), { namespace, redis: { url: redis, deadline: '5s' }, onEvent }),
  );
  undo.push(() => db.$cache.close());
  const read = () => db.$cache.explain(() => db.$cached({ ttl: '1h' }).select().from(notes));
  return { read, reported };
}

const address = (url: string): string => new URL(url).host;

it('after a promotion the copy shares results with the original, and the event names both servers', async () => {
  const namespace = uniqueNamespace();
  const original = open(servers.primary.url, namespace);
  await original.read();
  const promoted = open(servers.standby.url, namespace);

  await waitUntil('the result is shared', async () => {
    expect((await promoted.read()).info).toMatchObject({ status: 'hit' });
  });
  await waitUntil('both servers are named', async () => {
    expect(promoted.reported()).toEqual([[address(servers.standby.url), address(servers.primary.url)]]);
  });
  expect(original.reported()).toEqual([]);

  const { onEvent, reported } = listener();
  const adapter = new PrismaPg({ connectionString: servers.primary.url });
  const client = new SeparateProcess().run(() =>
    new PrismaClient({ adapter }).$extends(cachetastic({ namespace, redis: { url: redis, deadline: '5s' }, onEvent })),
  );
  undo.push(() => client.$disconnect());
  await client.$cached({ ttl: 60, models: [] }).$queryRaw`select 1 as one`;
  await waitUntil('Prisma reports it too', async () => expect(reported()).toHaveLength(1));
});

it('a copy with a namespace of its own shares nothing with the original', async () => {
  const original = open(servers.primary.url, uniqueNamespace());
  await original.read();
  const copy = open(servers.standby.url, uniqueNamespace());

  expect((await copy.read()).info).toMatchObject({ status: 'miss' });
  expect(copy.reported()).toEqual([]);
});
