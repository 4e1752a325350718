import { withCachetastic } from '@cachetastic/drizzle';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/services/index.js';

// PostgreSQL keeps 63 bytes of a name, and not a part of a letter.
const LONG = 'the_subscriptions_of_those_who_have_never_answered_no_lettergrößer';
const subscriptions = pgTable(LONG, { id: integer('id').primaryKey(), state: integer('state') });
const letters = pgTable('letters', { id: integer('id').primaryKey(), to: integer('to') });

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createDatabase(`
    create table "${LONG}" (id integer primary key, state integer);
    create table letters (id integer primary key, "to" integer references "${LONG}" on delete cascade)`);
  pool = new pg.Pool({ connectionString: database.url });
});
beforeEach(async () => {
  await pool.query(`delete from letters; delete from "${LONG}"`);
  await pool.query(`insert into "${LONG}" values (1, 1); insert into letters values (1, 1)`);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a table whose name is longer than PostgreSQL stores', () => {
  it('is matched with its foreign keys in the catalogue', async () => {
    const db = withCachetastic(drizzle(pool), { schema: { subscriptions, letters } });
    const read = () => db.$cached().select().from(letters);
    expect(await read()).toHaveLength(1);

    await db.delete(subscriptions).where(eq(subscriptions.id, 1));

    expect(await read()).toEqual([]);
    await db.$cache.close();
  });

  it('may be written with its name as PostgreSQL stores it', async () => {
    const { rows } = await pool.query<{ name: string }>(
      "select relname as name from pg_class where relname like 'the_sub%' and relkind = 'r'",
    );
    const kept = rows[0]?.name ?? expect.unreachable();
    expect(kept).not.toBe(LONG);
    const events: string[] = [];
    const db = withCachetastic(drizzle(pool), {
      schema: { subscriptions, letters },
      onEvent: ({ type }) => void events.push(type),
    });
    const read = () => db.$cached().select().from(subscriptions);
    await read();

    await db.execute(sql.raw(`update "${kept}" set state = 2`));

    expect(await read()).toEqual([{ id: 1, state: 2 }]);
    expect(events).not.toContain('widened');
    await db.$cache.close();
  });
});
