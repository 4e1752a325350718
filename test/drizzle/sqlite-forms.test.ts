import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withCachetastic } from '@cachetastic/drizzle';
import { type Client, createClient } from '@libsql/client';
import { sql } from 'drizzle-orm';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const people = sqliteTable('people', { id: integer('id').primaryKey(), email: text('email').unique() });
const pets = sqliteTable('pets', { id: integer('id').primaryKey(), ownerId: integer('owner_id') });
const blocked = sqliteTable('blocked', { id: integer('id').primaryKey() });
const notes = sqliteTable('notes', { id: integer('id').primaryKey(), body: text('body') });
const found = sqliteTable('found', { body: text('body') });
const shouted = sqliteTable('shouted', { body: text('body') });
const terms = sqliteTable('terms', { term: text('term'), cnt: integer('cnt') });
const schema = { people, pets, blocked, notes, found, shouted, terms };

const TABLES = [
  'create table people (id integer primary key, email text, constraint emails unique (email) on conflict replace)',
  'create table pets (id integer primary key, owner_id integer references people (id) on delete cascade)',
  'create table blocked (id integer primary key)',
  'create table notes (id integer primary key, body text)',
  'create view loud as select id, upper(body) as body from notes',
  "create virtual table found using fts5(body, content='notes', content_rowid='id')",
  "create virtual table shouted using fts5(body, content='loud', content_rowid='id')",
  "create virtual table terms using fts5vocab('found', 'row')",
  "insert into notes values (1, 'hello')",
  "insert into found (rowid, body) values (1, 'hello')",
  "insert into people values (1, 'ann@a.example'), (2, 'bob@a.example'), (3, 'cy@a.example')",
  'insert into pets values (1, 1), (2, 2)',
  'insert into blocked values (2)',
];

let folder: string;
let client: Client;
let plain: LibSQLDatabase;
const undo: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cachetastic-libsql-'));
  client = createClient({ url: `file:${join(folder, 'forms.db')}` });
  for (const statement of TABLES) await client.execute(statement);
  plain = drizzle(client);
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  client.close();
  await rm(folder, { recursive: true, force: true });
});

function open() {
  const db = withCachetastic(drizzle(client, { schema }), { ttl: 600 });
  undo.push(() => db.$cache.close());
  return db;
}

/** Whether the answer to `read` is that of the database, and another one than before, once `write` was done. */
async function noticed(read: string, write: string): Promise<void> {
  const db = open();
  const query = sql.raw(read);
  const before = await db.$cached().all(query);
  expect(await db.$cached().all(query)).toEqual(before);
  await db.run(sql.raw(write));

  const after = await plain.all(query);
  expect(after).not.toEqual(before);
  expect(await db.$cached().all(query)).toEqual(after);
}

describe('a unique key of SQLite that replaces other rows', () => {
  it.each([
    ['select * from people where id = 2', "insert into people (id, email) values (7, 'bob@a.example')"],
    ['select * from people where id = 2', "update people set email = 'bob@a.example' where id = 3"],
    ['select id from pets', "insert into people (id, email) values (7, 'bob@a.example')"],
    ['select id from pets', "update people set email = 'bob@a.example' where id = 1"],
  ])('%s is correct after %s', noticed);

  it('does not invalidate unrelated tables', async () => {
    const db = open();
    const read = () => db.$cached().select().from(blocked);
    await read();
    await db.insert(people).values({ id: 7, email: 'bob@a.example' });

    expect((await db.$cache.explain(read)).info.status).toBe('hit');
  });
});

describe('a table in a place that only SQLite allows', () => {
  it.each([
    ['select id from people where id in blocked', 'delete from blocked'],
    ['select id from people where id not in main.blocked', 'delete from blocked'],
    ['select pets.id from people for, pets where for.id = pets.owner_id', 'delete from pets where id = 1'],
    ['select pets.id from people offset, pets where offset.id = pets.owner_id', 'delete from pets where id = 1'],
  ])('%s is correct after %s', noticed);
});

describe('a virtual table that shows rows of another table', () => {
  it.each([
    ['select body from found', "update notes set body = 'bye'"],
    ['select body from shouted', "update notes set body = 'bye'"],
    ['select term, cnt from terms', "insert into found (rowid, body) values (2, 'new')"],
  ])('%s is correct after %s', noticed);
});
