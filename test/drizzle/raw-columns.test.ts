import { withCachetastic } from '@cachetastic/drizzle';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/services/index.js';
import { sharedCache } from './support/blog.js';

const older = { users: pgTable('users', { id: integer('id').primaryKey(), name: text('name') }) };
const newer = {
  users: pgTable('users', { id: integer('id').primaryKey(), name: text('name'), email: text('email') }),
};

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase(
    'create table users (id integer primary key, name text); insert into users values (1)',
  );
  pool = new pg.Pool({ connectionString: database.url });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

describe('raw SQL whose result has the columns of a table', () => {
  it.each<[sql: SQL]>([
    [sql`select * from users`],
    [sql`select u.* from users u`],
    [sql`table users`],
    [sql`select row_to_json(users) as row from users`],
    [sql`select to_jsonb(u) as row from users u`],
    [sql`select u as row from users as u`],
    [sql`with x as (select * from users) select * from x`],
  ])('is cached separately for each version of the application: %#', async (query) => {
    const options = await sharedCache();
    const [old, young] = [older, newer].map((schema) => withCachetastic(drizzle(pool, { schema }), options));
    const ask = async (db = old) => JSON.stringify((await db?.$cached().execute(query))?.rows);
    try {
      const before = await ask(old);
      await old?.$cache.idle();
      expect((await old?.$cache.explain(() => ask(old)))?.info.status).toBe('hit');
      await database.execute("alter table users add column email text default 'e'");
      expect(await ask(young)).not.toBe(before);
      await young?.$cache.idle();
      await database.execute('alter table users drop column email');
      // The older version is not given what the newer one keeps.
      expect(await ask(old)).toBe(before);
    } finally {
      await database.execute('alter table users drop column if exists email');
      for (const db of [old, young]) await db?.$cache.close();
    }
  });
});
