import type { CacheEvent } from '@cachetastic/core';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';
import type { TestDatabase } from '../support/services/index.js';
import { cachedBlog, createBlog, sharedCache } from './support/blog.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createBlog();
  await database.execute("INSERT INTO tags (label) VALUES ('one')");
});
afterAll(() => database?.drop());

async function setup() {
  const events: CacheEvent[] = [];
  const blog = cachedBlog(database, { ...(await sharedCache()), onEvent: (event) => events.push(event) });
  const count = () => blog.db.tag.count({ cache: 60 });
  const statusOf = async (scope?: string) => {
    const read = () => (scope === undefined ? count() : blog.db.tag.count({ cache: { ttl: 60, scope } }));
    await read();
    const { status, reason } = (await blog.db.$cache.explain(read)).info;
    return status === 'bypass' ? reason : status;
  };
  const changes = () => events.filter(({ type }) => type === 'session-changed');
  return { ...blog, count, statusOf, changes };
}

type Blog = Awaited<ReturnType<typeof setup>>['db'];

describe('raw SQL that changes the session', () => {
  it.each<[name: string, run: (db: Blog) => Promise<unknown>]>([
    ['$executeRaw', (db) => db.$executeRaw`SET search_path TO public`],
    ['$executeRawUnsafe', (db) => db.$executeRawUnsafe('SET app.tenant = 1')],
    ['$queryRaw', (db) => db.$queryRaw`SELECT set_config('app.tenant', '1', ${false})`],
    ['$queryRawUnsafe', (db) => db.$queryRawUnsafe("SELECT set_config('app.tenant', '1', $1)", false)],
    ['a batch', (db) => db.$transaction([db.$executeRaw`SET ROLE NONE`, db.$executeRaw`SET app.tenant = 1`])],
    ['a transaction', (db) => db.$transaction((tx) => tx.$executeRaw`CREATE TEMP TABLE tags (id integer)`)],
  ])('by %s sends reads without a scope to the database', async (_, run) => {
    const { db, statusOf, changes } = await setup();
    expect(await statusOf()).toBe('hit');
    await run(db);
    expect(await statusOf()).toBe('session-changed');
    expect(await statusOf('tenant')).toBe('hit');
    expect(changes()).toHaveLength(1);
    await db.$disconnect();
  });

  it('by a temporary table leaves reads of other tables cached', async () => {
    const { db, statusOf } = await setup();
    // It may be the table: the text does not say what the name stands for.
    const made = () => db.$cached({ ttl: 60, models: ['Tag'] }).$queryRaw`SELECT 1 AS made`;
    await db.$executeRaw`CREATE TEMP TABLE made AS SELECT 1 AS one`;

    expect(await statusOf()).toBe('hit');
    expect((await db.$cache.explain(made)).info).toMatchObject({ status: 'bypass', reason: 'session-changed' });
    await db.$disconnect();
  });

  it.each<[name: string, run: (db: Blog) => Promise<unknown>]>([
    ['a harmless setting', (db) => db.$executeRaw`SET statement_timeout = '60s'`],
    ['set local', (db) => db.$transaction((tx) => tx.$executeRaw`SET LOCAL app.tenant = 1`)],
    ['set_config in a batch', (db) => db.$transaction([db.$queryRaw`SELECT set_config('app.t', ${'1'}, TRUE)`])],
    ['set_config with a parameter', (db) => db.$queryRaw`SELECT set_config('app.t', ${'1'}, ${true})`],
  ])('only for its transaction, or without an effect, leaves the cache on: %s', async (_, run) => {
    const { db, statusOf, changes } = await setup();
    expect(await statusOf()).toBe('hit');
    await run(db);
    expect(await statusOf()).toBe('hit');
    expect(changes()).toEqual([]);
    await db.$disconnect();
  });

  it('sends all clients of the same pool to the database, and no others', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    const [one, two] = [0, 1].map(() =>
      new PrismaClient({ adapter: new PrismaPg(pool) }).$extends(cachetastic({ ttl: 60 })),
    ) as [Blog, Blog];
    const alone = await setup();
    const statusOf = async (db: Blog) => {
      await db.tag.count({ cache: 60 });
      return (await db.$cache.explain(() => db.tag.count({ cache: 60 }))).info.status;
    };
    expect([await statusOf(one), await statusOf(two)]).toEqual(['hit', 'hit']);
    await one.$executeRaw`SET app.tenant = 1`;
    expect([await statusOf(one), await statusOf(two), await alone.statusOf()]).toEqual(['bypass', 'bypass', 'hit']);
    for (const db of [one, two, alone.db]) await db.$disconnect();
    await pool.end();
  });
});
