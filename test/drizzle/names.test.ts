import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withCachetastic } from '@cachetastic/drizzle';
import { createClient } from '@libsql/client';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reachedLog } from '../support/reached-log.js';
import { sharedCache } from './support/blog.js';

let folder: string;
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cachetastic-libsql-'));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await rm(folder, { recursive: true, force: true });
});

it('applications that write the name of a table in different cases invalidate each other', async () => {
  const url = `file:${join(folder, 'people.db')}`;
  const options = await sharedCache();
  const open = (name: string) => {
    const client = createClient({ url });
    const people = sqliteTable(name, { id: integer('id').primaryKey(), name: text('name') });
    const db = withCachetastic(drizzle(client, { schema: { people } }), options);
    undo.push(
      () => client.close(),
      () => db.$cache.close(),
    );
    const read = () => db.$cached().select().from(people);
    return { client, people, db, read };
  };
  // As Prisma names it, and as Drizzle's users do: to SQLite, and to MySQL on some systems, they are one table.
  const [first, second] = [open('Person'), open('person')];
  await first.client.execute('CREATE TABLE "Person" (id integer PRIMARY KEY, name text)');
  await first.client.execute("INSERT INTO Person VALUES (1, 'Ann')");
  expect(await second.read()).toEqual([{ id: 1, name: 'Ann' }]);

  const { db, people } = first;
  await db.update(people).set({ name: 'Anna' }).where(eq(people.id, 1));
  await reachedLog(second.db.$cache, db.$cache.stats().log.seq ?? 0);

  expect(await second.read()).toEqual([{ id: 1, name: 'Anna' }]);
});
