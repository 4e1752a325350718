/*
 * A script that reads, writes and has nothing left to do then. It closes nothing. Each line that it prints is for the test that
 * started it, which lets it write by ending its standard input.
 */
import type { CacheControl } from '@cachetastic/core/adapter';
import { withCachetastic } from '@cachetastic/drizzle';
import { cachetastic } from '@cachetastic/prisma-extension';
import { createClient } from '@libsql/client';
import { PrismaPg } from '@prisma/adapter-pg';
import { drizzle } from 'drizzle-orm/libsql';
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { Cluster, Redis } from 'ioredis';
import { PrismaClient } from '../../fixtures/blog/generated/client/client.js';
import type { ScriptSetup } from './setup.js';

/** A cached table of tags. */
interface Tags {
  readonly $cache: CacheControl<never>;
  read(): Promise<unknown>;
  write(): Promise<unknown>;
}

const setup = JSON.parse(process.argv[2] ?? '') as ScriptSetup;
const { namespace, deadline } = setup;
const options = {
  ...{ namespace, redis: { ...location(setup), deadline } },
  onEvent: (event: { readonly type: string; readonly queued?: boolean }): void => {
    if (event.type === 'invalidation-lost') console.log('lost');
    if (event.type === 'invalidate') console.log(event.queued === true ? 'queued' : 'delivered');
  },
};

function location({ way, redis }: ScriptSetup) {
  if (way === 'url') return { url: redis };
  const { hostname: host, port } = new URL(redis);
  if (way === 'client') return { client: new Redis(redis, { lazyConnect: true }) };
  return { client: new Cluster([{ host, port: Number(port) }], { lazyConnect: true }) };
}

function withPrisma(): Tags {
  // What is idle in a pool of `pg` keeps the process otherwise.
  const adapter = new PrismaPg({ connectionString: setup.database, allowExitOnIdle: true });
  const db = new PrismaClient({ adapter }).$extends(cachetastic(options));
  return {
    $cache: db.$cache,
    read: () => db.tag.count({ cache: true }),
    write: () => db.tag.create({ data: { label: namespace } }),
  };
}

function withDrizzle(): Tags {
  const tags = sqliteTable('tags', { label: text('label') });
  const db = withCachetastic(drizzle(createClient({ url: setup.database })), options);
  return {
    $cache: db.$cache,
    read: () => db.$cached().select().from(tags),
    write: () => db.insert(tags).values({ label: 'written' }),
  };
}

const { $cache, read, write } = setup.orm === 'prisma' ? withPrisma() : withDrizzle();
let status: string;
do {
  ({ status } = (await $cache.explain(read)).info);
} while (status !== 'hit');
console.log('hit');
for await (const _ of process.stdin);
await write();
console.log('written');
