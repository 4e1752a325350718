import { expect, it } from 'vitest';
import { blogOn } from './support/blog.js';
import type { CachedBlog } from './support/generation.js';
import { generation0SQLite } from './support/generation-0.js';

const { eq, sql } = generation0SQLite.orm;
const { tags } = generation0SQLite.blog;
const [driver] = generation0SQLite.drivers;
if (driver === undefined) throw new Error('There is no driver.');
const { open, execute } = blogOn(generation0SQLite, driver);

const ninth = (db: Pick<CachedBlog, 'select'>) => db.select({ label: tags.label }).from(tags).where(eq(tags.id, 9));

it.each([
  "insert into tags (id, rowid, label) values (8, 9, 'new')",
  "insert into tags (id, rowid, label) values (8, 4 + 5, 'new')",
  "insert into tags (id, _rowid_, label) values (8, 9, 'new')",
  'update tags set id = 7, rowid = 9 where id = 7',
  'update tags set id = 7, oid = 4 + 5 where id = 7',
])('a key that SQLite receives under two names is the one that it stores: %s', async (write) => {
  await execute("INSERT INTO tags VALUES (7, 'free')");
  const { db, base } = await open();
  expect(await ninth(db.$cached())).toEqual([]);

  await generation0SQLite.raw(db, sql.raw(write));

  expect(await ninth(base)).toHaveLength(1);
  expect(await ninth(db.$cached())).toEqual(await ninth(base));
});
