import { withCachetastic } from '@cachetastic/drizzle';
import type { cachetastic } from '@cachetastic/prisma-extension';
import { createClient } from '@libsql/client';
import { PrismaPg } from '@prisma/adapter-pg';
import { eq } from 'drizzle-orm';
import { drizzle as drizzleLibsql } from 'drizzle-orm/libsql';
import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, serial, text } from 'drizzle-orm/pg-core';
import * as sqlite from 'drizzle-orm/sqlite-core';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createBlogDatabase, PrismaClient } from '../support/blog.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';

/*
 * A page and a route handler of one application: each has a client of its own, and in some bundles a copy of our modules
 * of its own. To a user they are one process.
 */

const orgs = pgTable('orgs', { id: serial('id').primaryKey(), name: text('name').notNull() });

/** One of the clients that read and write the name of an organisation. */
interface Client {
  read(): Promise<string | undefined>;
  write(name: string): Promise<unknown>;
  close(): Promise<void>;
}

type Open = (options: { redis?: { url: string; deadline: string }; namespace?: string }) => Promise<Client>;

let database: TestDatabase;
let id: number;
const opened: Client[] = [];

beforeAll(async () => {
  database = await createBlogDatabase();
});
beforeEach(async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query('DELETE FROM orgs');
  const { rows } = await client.query<{ id: number }>("INSERT INTO orgs (name) VALUES ('first') RETURNING id");
  await client.end();
  id = rows[0]?.id ?? 0;
});
afterEach(async () => {
  for (const client of opened.splice(0)) await client.close();
});
afterAll(() => database?.drop());

const openPrisma: Open = async (options) => {
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, max: 2 }) });
  const { cachetastic: extension } = await import('@cachetastic/prisma-extension');
  const db = base.$extends(extension(options as Parameters<typeof cachetastic>[0]));
  return {
    read: async () => (await db.org.findUnique({ where: { id }, cache: '1h' }))?.name,
    write: (name) => db.org.update({ where: { id }, data: { name } }),
    close: () => db.$disconnect(),
  };
};

const openDrizzle: Open = async (options) => {
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const { withCachetastic: wrap } = await import('@cachetastic/drizzle');
  const db = wrap(drizzle(pool, { schema: { orgs } }), options as Parameters<typeof withCachetastic>[1]);
  return {
    read: async () => (await db.$cached('1h').select().from(orgs).where(eq(orgs.id, id)))[0]?.name,
    write: (name) => db.update(orgs).set({ name }).where(eq(orgs.id, id)),
    close: async () => {
      await db.$cache.close();
      await pool.end();
    },
  };
};

async function open(client: Open, options: Parameters<Open>[0]): Promise<Client> {
  const made = await client(options);
  opened.push(made);
  return made;
}

const ORMS = { Prisma: openPrisma, Drizzle: openDrizzle };

it.each([
  ['Prisma', 'Prisma', 'one copy'],
  ['Drizzle', 'Drizzle', 'one copy'],
  ['Prisma', 'Drizzle', 'one copy'],
  ['Prisma', 'Prisma', 'two copies'],
  ['Drizzle', 'Drizzle', 'two copies'],
  ['Drizzle', 'Prisma', 'two copies'],
] as const)(
  'clients of %s and %s in one process, %s of the modules, read the writes of each other at once',
  async (...given) => {
    const [one, other, copies] = given;
    const withRedis = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() };
    for (const options of [{}, withRedis]) {
      const page = await open(ORMS[one], options);
      if (copies === 'two copies') vi.resetModules();
      const route = await open(ORMS[other], options);
      await route.write('before');
      const old: unknown[] = [];
      for (let turn = 0; turn < 10; turn += 1) {
        const [reader, writer] = turn % 2 === 0 ? [page, route] : [route, page];
        await reader.read();
        await writer.write(`after ${turn}`);
        const read = await reader.read();
        if (read !== `after ${turn}`) old.push(read);
      }
      expect(old).toEqual([]);

      await route.close();
      opened.pop();
      await page.write('last');
      expect(await page.read()).toBe('last');
    }
  },
);

it('two wrappers of one SQLite database in memory share invalidations, those of different ones do not', async () => {
  const items = sqlite.sqliteTable('items', { id: sqlite.integer('id').primaryKey(), name: sqlite.text('name') });
  const client = createClient({ url: ':memory:' });
  const another = createClient({ url: ':memory:' });
  for (const each of [client, another]) {
    await each.executeMultiple(
      "CREATE TABLE items (id integer primary key, name text); INSERT INTO items VALUES (1, 'first')",
    );
  }
  const [one, other, apart] = [client, client, another].map((each) =>
    withCachetastic(drizzleLibsql(each, { schema: { items } })),
  );
  if (one === undefined || other === undefined || apart === undefined) throw new Error('not wrapped');
  const read = async (db: typeof one) => (await db.$cached('1h').select().from(items))[0]?.name;
  expect([await read(one), await read(other), await read(apart)]).toEqual(['first', 'first', 'first']);

  await other.update(items).set({ name: 'second' });

  expect([await read(one), await read(other), await read(apart)]).toEqual(['second', 'second', 'first']);
  expect((await apart.$cache.explain(() => read(apart))).info.status).toBe('hit');
  for (const db of [one, other, apart]) await db.$cache.close();
});
