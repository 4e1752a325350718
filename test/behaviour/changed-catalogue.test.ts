import type { CacheEvent } from '@cachetastic/core';
import { ManualClock, SeparateProcess } from '@cachetastic/core/testing';
import { withCachetastic } from '@cachetastic/drizzle';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { eq, sql } from 'drizzle-orm';
import { int, mysqlTable } from 'drizzle-orm/mysql-core';
import { drizzle as mysql2 } from 'drizzle-orm/mysql2';
import { drizzle as nodePostgres } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';
import { connect, createBlog } from '../prisma-extension/support/blog.js';
import { createDatabase, sharedMysql, sharedRedis, uniqueNamespace } from '../support/services/index.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Two processes with a database each of the same users: the schema of the writer lacks the badges that the reader reads. */
interface Scene {
  /** By which the writer tells when to ask for the catalogue again. */
  readonly clock: ManualClock;
  /** Deletes a user through the writer. */
  readonly deleteUser: (id: number) => Promise<unknown>;
  readonly deleteInTransaction: (id: number) => Promise<unknown>;
  /** Runs SQL through the writer. */
  readonly execute: (sql: string) => Promise<unknown>;
  /** Runs SQL past every cache, as another program does. */
  readonly elsewhere: (sql: string) => Promise<unknown>;
  /** The users of the badges, as the reader's cache knows them. */
  readonly badges: () => Promise<readonly (number | null)[]>;
  /** The tables that the writer's last write invalidated. */
  readonly invalidated: () => readonly string[] | undefined;
}

const KEY = 'alter table badges add foreign key (user_id) references users (id) on delete cascade';
const TRIGGER_OF_POSTGRESQL = `
  create function lose() returns trigger language plpgsql as
    $$ begin delete from badges where user_id = old.id; return null; end $$;
  create trigger lost after delete on users for each row execute function lose();`;
const TRIGGER_OF_MYSQL =
  'create trigger lost after delete on users for each row delete from badges where user_id = old.id';

async function shared() {
  const redis = { url: await sharedRedis(), deadline: '5s' } as const;
  return { redis, namespace: uniqueNamespace(), maxStaleness: '20ms', ttl: 3600 } as const;
}

/** What every scene has of its writer. */
function writerProcess() {
  const clock = new ManualClock();
  const events: CacheEvent[] = [];
  const own = new SeparateProcess({ clock });
  return {
    clock,
    own,
    onEvent: (event: CacheEvent) => void events.push(event),
    invalidated: () => events.findLast((event) => event.type === 'invalidate')?.models,
  };
}

const users = pgTable('users', { id: integer('id').primaryKey() });
const badges = pgTable('badges', { id: integer('id').primaryKey(), userId: integer('user_id') });

/** A pool that ends with the test, and a reader of the badges. */
function onPostgreSql(url: string, options: Awaited<ReturnType<typeof shared>>) {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  closing.push(() => pool.end());
  const reader = new SeparateProcess().run(() =>
    withCachetastic(nodePostgres(pool), { ...options, schema: { badges } }),
  );
  closing.push(() => reader.$cache.close());
  const read = async () => (await reader.$cached().select().from(badges)).map(({ userId }) => userId).toSorted();
  return { pool, read };
}

async function drizzleOnPostgreSql(): Promise<Scene> {
  const database = await createDatabase(`
    create table users (id integer primary key);
    create table badges (id integer primary key, user_id integer);
    insert into users values (1), (2), (3); insert into badges values (1, 1), (2, 2);
  `);
  closing.push(() => database.drop());
  const options = await shared();
  const { pool, read } = onPostgreSql(database.url, options);
  const { clock, own, onEvent, invalidated } = writerProcess();
  const db = own.run(() => withCachetastic(nodePostgres(pool), { ...options, onEvent, schema: { users } }));
  closing.push(() => db.$cache.close());
  return {
    clock,
    invalidated,
    badges: read,
    deleteUser: (id) => db.delete(users).where(eq(users.id, id)),
    deleteInTransaction: (id) => db.transaction((tx) => tx.delete(users).where(eq(users.id, id))),
    execute: (sql) => db.execute(sql),
    elsewhere: (sql) => database.execute(sql),
  };
}

async function drizzleOnMariaDb(): Promise<Scene> {
  const users = mysqlTable('users', { id: int('id').primaryKey() });
  const badges = mysqlTable('badges', { id: int('id').primaryKey(), userId: int('user_id') });
  const name = `cachetastic_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const server = await sharedMysql();
  const admin = await mysql.createConnection(server);
  await admin.query(`create database ${name}`);
  await admin.changeUser({ database: name });
  closing.push(async () => {
    await admin.query(`drop database ${name}`);
    await admin.end();
  });
  await admin.query('create table users (id int primary key)');
  await admin.query('create table badges (id int primary key, user_id int)');
  await admin.query('insert into users values (1), (2), (3)');
  await admin.query('insert into badges values (1, 1), (2, 2)');
  const pool = mysql.createPool({ uri: new URL(`/${name}`, server).href, connectionLimit: 4 });
  closing.push(() => pool.end());
  const options = await shared();
  const { clock, own, onEvent, invalidated } = writerProcess();
  const db = own.run(() => withCachetastic(mysql2(pool), { ...options, onEvent, schema: { users } }));
  const reader = new SeparateProcess().run(() => withCachetastic(mysql2(pool), { ...options, schema: { badges } }));
  closing.push(
    () => db.$cache.close(),
    () => reader.$cache.close(),
  );
  return {
    clock,
    invalidated,
    badges: async () => (await reader.$cached().select().from(badges)).map(({ userId }) => userId).toSorted(),
    deleteUser: (id) => db.delete(users).where(eq(users.id, id)),
    deleteInTransaction: (id) => db.transaction((tx) => tx.delete(users).where(eq(users.id, id))),
    execute: (sql) => db.execute(sql),
    elsewhere: (sql) => admin.query(sql),
  };
}

async function prismaOnPostgreSql(): Promise<Scene> {
  const database = await createBlog();
  closing.push(() => database.drop());
  await database.execute(`
    create table badges (id integer primary key, user_id integer);
    insert into users (id, email, name) values (1, 'a', 'A'), (2, 'b', 'B'), (3, 'c', 'C');
    insert into badges values (1, 1), (2, 2);
  `);
  const options = await shared();
  const { read } = onPostgreSql(database.url, options);
  const { clock, own, onEvent, invalidated } = writerProcess();
  const db = own.run(() => connect(database).base.$extends(cachetastic({ ...options, onEvent })));
  closing.push(() => db.$disconnect());
  return {
    clock,
    invalidated,
    badges: read,
    deleteUser: (id) => db.user.delete({ where: { id } }),
    deleteInTransaction: (id) => db.$transaction((tx) => tx.user.delete({ where: { id } })),
    execute: (sql) => db.$executeRawUnsafe(sql),
    elsewhere: (sql) => database.execute(sql),
  };
}

describe.each([
  ['Drizzle on PostgreSQL', drizzleOnPostgreSql, TRIGGER_OF_POSTGRESQL],
  ['Drizzle on MariaDB', drizzleOnMariaDb, TRIGGER_OF_MYSQL],
  ['Prisma on PostgreSQL', prismaOnPostgreSql, TRIGGER_OF_POSTGRESQL],
])('%s: a definition that another program adds', (_, open, trigger) => {
  it.each([
    ['a foreign key', KEY],
    ['a trigger', trigger],
  ])('is taken into account after a minute by the first write: %s', async (_what, sql) => {
    const scene = await open();
    await scene.deleteUser(3);
    await scene.elsewhere(sql);
    expect(await scene.badges()).toEqual([1, 2]);

    scene.clock.advance('60s');
    await scene.deleteUser(1);

    expect(scene.invalidated()).toContain('badges');
    await expect.poll(scene.badges).toEqual([2]);
  });

  it('is taken into account after a minute by the first transaction', async () => {
    const scene = await open();
    await scene.deleteUser(3);
    await scene.elsewhere(trigger);
    expect(await scene.badges()).toEqual([1, 2]);

    scene.clock.advance('60s');
    await scene.deleteInTransaction(1);

    expect(scene.invalidated()).toContain('badges');
    await expect.poll(scene.badges).toEqual([2]);
  });
});

describe.each([
  ['Drizzle on PostgreSQL', drizzleOnPostgreSql, TRIGGER_OF_POSTGRESQL],
  ['Drizzle on MariaDB', drizzleOnMariaDb, TRIGGER_OF_MYSQL],
  ['Prisma on PostgreSQL', prismaOnPostgreSql, TRIGGER_OF_POSTGRESQL],
])('%s: a definition that the same client adds', (_, open, trigger) => {
  it.each([
    ['a foreign key', [KEY]],
    ['a trigger', trigger.split(/(?<=\$\$;)/)],
  ])('is taken into account by the next write: %s', async (_what, statements) => {
    const scene = await open();
    await scene.deleteUser(3);
    for (const sql of statements) await scene.execute(sql);
    expect(await scene.badges()).toEqual([1, 2]);

    await scene.deleteUser(1);

    expect(scene.invalidated()).toContain('badges');
    await expect.poll(scene.badges).toEqual([2]);
  });
});

const HALF = 'create or replace function half(i integer) returns integer language plpgsql';

describe('a function that another program replaces with one that writes', () => {
  /** A process that only reads. Resolves to how the next call of the function is answered. */
  const processes = {
    Drizzle: async (url: string, own: SeparateProcess) => {
      const pool = new pg.Pool({ connectionString: url, max: 4 });
      closing.push(() => pool.end());
      const db = own.run(() =>
        withCachetastic(nodePostgres(pool), { namespace: uniqueNamespace(), schema: { badges } }),
      );
      closing.push(() => db.$cache.close());
      const call = () => db.$cached('1h').execute(sql`select half(4)`);
      return async () => (await db.$cache.explain(call)).info.status;
    },
    Prisma: async (url: string, own: SeparateProcess) => {
      const adapter = new PrismaPg({ connectionString: url, max: 4 });
      const db = own.run(() => new PrismaClient({ adapter }).$extends(cachetastic({ namespace: uniqueNamespace() })));
      closing.push(() => db.$disconnect());
      const call = () => db.$cached('1h').$queryRaw`select half(4)`;
      return async () => (await db.$cache.explain(call)).info.status;
    },
  };

  it.each(Object.entries(processes))('is no longer cached by a process of %s that only reads', async (_, open) => {
    const database = await createDatabase(`
      create table badges (id integer primary key, user_id integer);
      ${HALF} immutable as 'begin return i / 2; end';`);
    closing.push(() => database.drop());
    const clock = new ManualClock();
    const status = await open(database.url, new SeparateProcess({ clock }));
    expect([await status(), await status()]).toEqual(['miss', 'hit']);
    await database.execute(`${HALF} as 'begin insert into badges values (i); return i / 2; end'`);

    clock.advance('46s');

    await expect.poll(status).toBe('bypass');
  });

  it('is not looked up on the connection of a transaction, which a failed statement would abort', async () => {
    const database = await createDatabase(`${HALF} immutable as 'begin return i / 2; end';`);
    closing.push(() => database.drop());
    const clock = new ManualClock();
    const sent: string[] = [];
    const drizzleClient = new pg.Client({ connectionString: database.url });
    await drizzleClient.connect();
    closing.push(() => drizzleClient.end());
    const options = { namespace: uniqueNamespace() };
    const db = new SeparateProcess({ clock }).run(() =>
      withCachetastic(nodePostgres(drizzleClient, { logger: { logQuery: (text) => sent.push(text) } }), {
        ...options,
        schema: { badges },
      }),
    );
    closing.push(() => db.$cache.close());
    const adapter = new PrismaPg({ connectionString: database.url, max: 1 });
    const base = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
    base.$on('query', ({ query }) => sent.push(query));
    const prisma = new SeparateProcess({ clock }).run(() => base.$extends(cachetastic(options)));
    closing.push(() => prisma.$disconnect());
    await db.$cached().execute(sql`select half(4)`);
    await prisma.$cached(60).$queryRaw`select half(4)`;
    clock.advance('46s');
    sent.length = 0;

    await db.transaction((tx) => tx.execute(sql`select half(4)`));
    await prisma.$transaction((tx) => tx.$queryRaw`select half(4)`);

    expect(sent.filter((text) => text.includes('pg_proc'))).toEqual([]);
    await db.execute(sql`select half(4)`);
    await prisma.$queryRaw`select half(4)`;
    await expect.poll(() => sent.filter((text) => text.includes('pg_proc'))).toHaveLength(2);
  });
});
