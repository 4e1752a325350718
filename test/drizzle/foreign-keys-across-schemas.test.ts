import type { CacheEvent } from '@cachetastic/core';
import { SeparateProcess } from '@cachetastic/core/testing';
import { type CachetasticOptions, withCachetastic } from '@cachetastic/drizzle';
import { eq } from 'drizzle-orm';
import { int, mysqlSchema, mysqlTable } from 'drizzle-orm/mysql-core';
import { drizzle as mysql2 } from 'drizzle-orm/mysql2';
import { drizzle as nodePostgres } from 'drizzle-orm/node-postgres';
import { integer, pgSchema } from 'drizzle-orm/pg-core';
import mysql from 'mysql2/promise';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, sharedMysql, type TestDatabase } from '../support/services/index.js';
import { sharedCache } from './support/blog.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What two processes share. */
const shared = async (): Promise<CachetasticOptions> => ({ maxStaleness: '20ms', ttl: 3600, ...(await sharedCache()) });

/** Wraps what `connect` makes in a process of its own, and collects why its writes invalidated everything. */
function inOwnProcess<Wrapped extends { $cache: { close(): Promise<void> } }>(
  wrap: (own: Pick<CachetasticOptions, 'onEvent'>) => Wrapped,
) {
  const events: CacheEvent[] = [];
  const db = new SeparateProcess().run(() => wrap({ onEvent: (event) => void events.push(event) }));
  closing.push(() => db.$cache.close());
  /** The tables that the last write invalidated. */
  const invalidated = () => events.findLast((event) => event.type === 'invalidate')?.models;
  return { db, invalidated };
}

describe('a delete on PostgreSQL of a row with foreign keys in other schemas', () => {
  const parent = pgSchema('a').table('parent', { id: integer('id').primaryKey() });
  const middle = pgSchema('b').table('middle', { id: integer('id').primaryKey() });
  const child = pgSchema('c').table('child', { id: integer('id').primaryKey() });
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createDatabase(`
      create schema a; create schema b; create schema c;
      create table a.parent (id integer primary key);
      create table b.middle (id integer primary key references a.parent on delete cascade);
      create table c.child (id integer primary key references b.middle on delete cascade);
    `);
    pool = new Pool({ connectionString: database.url, max: 3 });
  });
  beforeEach(() =>
    database.execute(
      'truncate a.parent cascade; insert into a.parent values (1); insert into b.middle values (1); insert into c.child values (1)',
    ),
  );
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  it.each([
    ['is invalidated where only the child is known', { parent }, { middle }, middle],
    ['is invalidated at the end of a chain of which the writer knows the beginning', { parent }, { child }, child],
    ['is invalidated at the end of a chain of which the writer knows both ends', { parent, child }, { child }, child],
  ])('%s', async (_, written, read, table) => {
    const options = await shared();
    const reader = inOwnProcess((own) => withCachetastic(nodePostgres(pool), { ...options, ...own, schema: read }));
    const writer = inOwnProcess((own) => withCachetastic(nodePostgres(pool), { ...options, ...own, schema: written }));
    const rows = () => reader.db.$cached().select().from(table);
    expect(await rows()).toEqual([{ id: 1 }]);
    await expect.poll(async () => (await reader.db.$cache.explain(rows)).info.status).toBe('hit');

    await writer.db.delete(parent).where(eq(parent.id, 1));

    expect(writer.invalidated()).toEqual(expect.arrayContaining(['parent', 'middle', 'child']));
    await expect.poll(rows).toEqual([]);
  });
});

describe('a delete on MariaDB of a row with foreign keys in other databases', () => {
  const names = [1, 2, 3].map(() => `cachetastic_test_${crypto.randomUUID().replaceAll('-', '')}`);
  const [here = '', there = '', beyond = ''] = names;
  const parent = mysqlTable('parent', { id: int('id').primaryKey() });
  const middle = mysqlSchema(there).table('middle', { id: int('id').primaryKey() });
  const child = mysqlSchema(beyond).table('child', { id: int('id').primaryKey() });
  let admin: mysql.Connection;
  let server: string;

  beforeAll(async () => {
    server = await sharedMysql();
    admin = await mysql.createConnection(server);
    for (const name of names) await admin.query(`create database ${name}`);
    await admin.query(`create table ${here}.parent (id int primary key)`);
    await admin.query(
      `create table ${there}.middle (id int primary key, foreign key (id) references ${here}.parent (id) on delete cascade)`,
    );
    await admin.query(
      `create table ${beyond}.child (id int primary key, foreign key (id) references ${there}.middle (id) on delete cascade)`,
    );
  });
  beforeEach(async () => {
    await admin.query(`delete from ${here}.parent`);
    for (const table of [`${here}.parent`, `${there}.middle`, `${beyond}.child`])
      await admin.query(`insert into ${table} values (1)`);
  });
  afterAll(async () => {
    for (const name of names.toReversed()) await admin?.query(`drop database if exists ${name}`);
    await admin?.end();
  });

  /** A Drizzle database whose own tables are those of `name`. */
  function connect(name: string, as: mysql.PoolOptions = {}) {
    const pool = mysql.createPool({ uri: new URL(`/${name}`, server).href, connectionLimit: 2, ...as });
    closing.push(() => pool.end());
    return mysql2(pool);
  }

  it.each([
    ['is invalidated where only the child is known', { parent }, { middle }, middle],
    ['is invalidated at the end of a chain of which the writer knows the beginning', { parent }, { child }, child],
    ['is invalidated at the end of a chain of which the writer knows both ends', { parent, child }, { child }, child],
  ])('%s', async (_, written, read, table) => {
    const options = await shared();
    const reader = inOwnProcess((own) => withCachetastic(connect(here), { ...options, ...own, schema: read }));
    const writer = inOwnProcess((own) => withCachetastic(connect(here), { ...options, ...own, schema: written }));
    const rows = () => reader.db.$cached().select().from(table);
    expect(await rows()).toEqual([{ id: 1 }]);
    await expect.poll(async () => (await reader.db.$cache.explain(rows)).info.status).toBe('hit');

    await writer.db.delete(parent).where(eq(parent.id, 1));

    expect(writer.invalidated()).toEqual(expect.arrayContaining(['parent', 'middle', 'child']));
    await expect.poll(rows).toEqual([]);
  });

  it('invalidates also if its user may only read the child, and sees no actions of foreign keys', async () => {
    const [[{ host }]] = await admin.query<(mysql.RowDataPacket & { host: string })[] & [{ host: string }]>(
      "select substring_index(user(), '@', -1) as host",
    );
    const user = `reader_${process.pid}`;
    await admin.query(`create user ${user}@'${host}' identified by 'secret'`);
    closing.push(() => admin.query(`drop user ${user}@'${host}'`));
    await admin.query(`grant all on ${here}.* to ${user}@'${host}'`);
    await admin.query(`grant select on ${there}.middle to ${user}@'${host}'`);
    const options = await shared();
    const reader = inOwnProcess((own) => withCachetastic(connect(here), { ...options, ...own, schema: { middle } }));
    const writer = inOwnProcess((own) =>
      withCachetastic(connect(here, { user, password: 'secret' }), { ...options, ...own, schema: { parent } }),
    );
    const rows = () => reader.db.$cached().select().from(middle);
    expect(await rows()).toEqual([{ id: 1 }]);

    await writer.db.delete(parent).where(eq(parent.id, 1));

    expect(writer.invalidated()).toContain('middle');
    await expect.poll(rows).toEqual([]);
  });

  it('invalidates for a client that is connected to the other database, if both give it one name', async () => {
    const options = { ...(await shared()), database: 'all of them' };
    const own = mysqlTable('middle', { id: int('id').primaryKey() });
    const reader = inOwnProcess((events) =>
      withCachetastic(connect(there), { ...options, ...events, schema: { own } }),
    );
    const writer = inOwnProcess((events) =>
      withCachetastic(connect(here), { ...options, ...events, schema: { parent } }),
    );
    const rows = () => reader.db.$cached().select().from(own);
    expect(await rows()).toEqual([{ id: 1 }]);

    await writer.db.delete(parent).where(eq(parent.id, 1));

    await expect.poll(rows).toEqual([]);
  });

  it('does not invalidate for clients that are connected to another database of the same name', async () => {
    const options = { ...(await shared()), database: 'all of them' };
    const twin = mysqlTable('twin', { id: int('id').primaryKey() });
    for (const [at, name] of [here, there].entries()) {
      await admin.query(`create table ${name}.twin (id int primary key)`);
      await admin.query(`insert into ${name}.twin values (${at})`);
    }
    const [one, other] = [here, there].map((name) =>
      inOwnProcess((events) => withCachetastic(connect(name), { ...options, ...events, schema: { twin } })),
    );

    expect(await one?.db.$cached().select().from(twin)).toEqual([{ id: 0 }]);
    expect(await other?.db.$cached().select().from(twin)).toEqual([{ id: 1 }]);
  });
});
