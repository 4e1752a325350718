import type { CacheEvent } from '@cachetastic/core';
import { SeparateProcess } from '@cachetastic/core/testing';
import { type CachetasticOptions, withCachetastic } from '@cachetastic/drizzle';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';

const users = pgTable('users', { id: integer('id').primaryKey(), name: text('name'), total: integer('total') });
const others = pgTable('others', { id: integer('id').primaryKey() });
const schema = { users, others };

const TABLES = `
  create table users (id integer primary key, name text, total integer);
  create table others (id integer primary key);
  create schema hidden;
  create function log(m text) returns void language sql as 'update users set name = m';
  create function hidden.lower(m text) returns text language sql as 'update users set name = m; select m';
  create function twice(i integer) returns integer language sql immutable as 'select 2 * i';
  create function mixed(i integer) returns integer language sql immutable as 'select i';
  create function mixed(i text) returns integer language sql as 'update users set name = i; select 1';
  create function bump(u users) returns integer language plpgsql as
    $$ begin update users set name = 'bumped' where id = u.id; return 1; end $$;
  create function total(u users) returns integer language plpgsql as
    $$ begin update users set name = 'totalled' where id = u.id; return 1; end $$;
  create role blind_${process.pid} login;
  grant all on users, others to blind_${process.pid};
`;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase(TABLES);
  pool = new Pool({ connectionString: database.url, max: 4 });
});

afterAll(async () => {
  await pool.query(`drop owned by blind_${process.pid}; drop role blind_${process.pid}`);
  await pool.end();
  await database.drop();
});

beforeEach(() => pool.query("truncate users, others; insert into users values (1, 'ann', 3)"));

function open(options: CachetasticOptions = {}, on: Pool = pool) {
  const events: CacheEvent[] = [];
  const plain = drizzle(on, { schema });
  // The rows are put back past the cache: each cache begins with an empty memory.
  const db = withCachetastic(plain, {
    namespace: uniqueNamespace(),
    ...options,
    onEvent: (event) => void events.push(event),
  });
  const widened = () => events.flatMap((event) => (event.type === 'widened' ? [event.reason] : []));
  const name = async () => (await db.$cached().select().from(users))[0]?.name;
  return { db, plain, events, widened, name };
}

describe('a SELECT that calls a function which may write invalidates', () => {
  it.each([
    ['one of the application with the name of one of the database', "select log('changed')", 'changed'],
    ['one of a schema that the path does not lead to, named with it', "select hidden.lower('changed')", 'changed'],
    ['one with an overload that may write', "select mixed('changed')", 'changed'],
    ['one that is written like a column', 'select u.bump from users u', 'bumped'],
    ['the same in a common table expression', 'with x as (select u.bump as b from users u) select * from x', 'bumped'],
    ['the same in a condition', 'select 1 from users u where u.bump = 1', 'bumped'],
  ])('%s', async (_, statement, changed) => {
    const { db, name } = open();
    expect(await name()).toBe('ann');

    await db.execute(sql.raw(statement));

    expect(await name()).toBe(changed);
  });

  it('a function that may write is recognised in the first statement of a process', async () => {
    const [redis, namespace] = [await sharedRedis(), uniqueNamespace()];
    const reader = open({ redis, namespace, maxStaleness: '10ms' });
    const writer = new SeparateProcess().run(() => open({ redis, namespace }));
    await reader.name();

    await writer.db.execute(sql`select log('changed')`);

    await expect.poll(reader.name).toBe('changed');
    await Promise.all([reader.db.$cache.close(), writer.db.$cache.close()]);
  });

  it('a function that was created or replaced a statement ago is recognised, in a transaction too', async () => {
    const { db, name } = open();
    await name();
    await db.execute(
      sql.raw("create or replace function fresh() returns integer language sql immutable as 'select 1'"),
    );
    await db.execute(sql`select fresh()`);

    await db.transaction(async (tx) => {
      await tx.execute(sql.raw('drop function fresh()'));
      await tx.execute(
        sql.raw("create function fresh() returns integer language sql as 'update users set total = 9; select 1'"),
      );
    });
    await name();
    await db.execute(sql`select fresh()`);

    expect((await db.$cached().select().from(users))[0]?.total).toBe(9);
    await db.execute(sql.raw('drop function fresh()'));
  });
});

describe('a SELECT that calls only functions without effects invalidates nothing', () => {
  it.each([
    ['immutable, of the database', "select split_part(name, '@', 2) from users"],
    ['stable, of the database', 'select pg_typeof(id)::text from users'],
    ['an aggregate', 'select bit_xor(id) from users'],
    ['immutable, of the application', 'select twice(id) from users'],
    ['hidden by another schema', 'select lower(name) from users'],
    ['a cast that is written as a call', "select int4(2.5), text('a')"],
    ['a type with its precision', "select timestamp(3) '2024-01-01 10:00', '1.5'::pg_catalog.numeric(10, 2)"],
    ['a column that has the name of a function', 'select u.total from users u'],
    ['one of sequences', "select pg_notify('channel', 'text')"],
  ])('%s', async (_, statement) => {
    const { db, widened } = open();
    await db.$cached().select().from(others);

    await db.execute(sql.raw(statement));

    const { info } = await db.$cache.explain(() => db.$cached().select().from(others));
    expect([info.status, ...widened()]).toEqual(['hit']);
  });
});

it('an immutable function is cached, a stable one is not', async () => {
  const { db } = open();
  const status = async (statement: string) => {
    const read = () => db.$cached().execute(sql.raw(statement));
    await read();
    return (await db.$cache.explain(read)).info.status;
  };

  expect([await status('select twice(id) from users'), await status('select pg_typeof(id)::text from users')]).toEqual([
    'hit',
    'bypass',
  ]);
});

it('a function of the option `functions` is trusted whatever the catalogue says', async () => {
  const { db, widened } = open({ functions: ['log'] });

  await db.execute(sql`select log('trusted')`);

  expect(widened()).toEqual([]);
});

it('without the right to read the catalogue, functions are judged by built-in lists, and an event reports it once', async () => {
  await pool.query('revoke select on pg_catalog.pg_trigger from public');
  const url = new URL(database.url);
  url.username = `blind_${process.pid}`;
  const blind = new Pool({ connectionString: url.href, max: 2 });
  const { db, events, widened } = open({ database: 'blind' }, blind);

  await db.$cached().select().from(others);
  await db.execute(sql`select lower('A')`);
  await db.execute(sql`select twice(1)`);

  await pool.query('grant select on pg_catalog.pg_trigger to public');
  await blind.end();
  expect(events.filter(({ type }) => type === 'catalogue-unread')).toMatchObject([
    { reason: expect.stringContaining('pg_trigger') },
  ]);
  expect(widened()).toEqual(['raw-sql: the function twice may write']);
});
