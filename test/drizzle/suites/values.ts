import { describe, expect, it } from 'vitest';
import { exactText } from '../../support/exact-text.js';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';
import { spoil } from '../support/spoil.js';
import { thingsOf } from '../support/things.js';

/** Values of every type come out of the cache as they come out of the database. */
export function values(generation: Generation): void {
  const { orm } = generation;
  const { users, posts } = generation.blog;
  const things = thingsOf(generation);
  const { table } = things;
  const { lacks, raw } = generation;
  // Of relations MariaDB understands too little.
  const alone = lacks.includes('many to many');
  const columns = Object.entries(orm.getTableColumns(table));
  const own = Object.fromEntries(columns.filter(([, { columnType }]) => !columnType.endsWith('CustomColumn')));
  const reads: Record<string, (db: CachedBlog) => PromiseLike<unknown>> = {
    'the select builder': (db) => db.select().from(table).orderBy(table.id),
    // Of a type that Drizzle reads: what it makes of them may be kept.
    "columns of Drizzle's own types": (db) => db.select(own).from(table).orderBy(table.id),
    'a join': (db) => db.select().from(table).leftJoin(users, orm.eq(users.id, table.id)).orderBy(table.id),
    'relations with dates in them': (db) =>
      alone ? db.query.users.findMany() : db.query.posts.findMany({ with: { author: true } }),
    'raw SQL': (db) => raw(db, orm.sql`select * from things order by id`),
    'an empty answer': (db) => db.select().from(posts).where(orm.eq(posts.id, 99)),
  };

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap, execute } = blogOn(generation, driver);

    it.each(Object.entries(reads))(
      '%s has the same value from the database, memory and Redis, whatever callers change in it',
      async (_name, read) => {
        for (const statement of things.sql) await execute(statement);
        const options = { ...(await sharedCache()), tables: {} };
        const { db, base } = await open(options);
        await db.$cached().select().from(table);
        const plain = shown(await read(base as CachedBlog));

        const together = await Promise.all(Array.from({ length: 10 }, () => read(db.$cached())));
        for (const answer of together) {
          expect(shown(answer)).toBe(plain);
          spoil(answer);
        }
        for (let hit = 0; hit < 10; hit++) {
          const { data, info } = await db.$cache.explain(() => read(db.$cached()));
          expect(info.status).toBe('hit');
          expect(shown(data)).toBe(plain);
          spoil(data);
        }

        await db.$cache.idle();
        const other = wrap({ base, statements: [], close: async () => {} }, options);
        await other.db.$cached().select().from(table);
        for (let hit = 0; hit < 10; hit++) {
          const { data, info } = await other.db.$cache.explain(() => read(other.db.$cached()));
          expect(info.status).toBe('hit');
          expect(shown(data)).toBe(plain);
          spoil(data);
        }
      },
    );
  });
}

/** Everything about a result that a program can see in its rows; for raw SQL, its count as well. */
function shown(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'rows' in answer && 'fields' in answer) {
    const { rows, fields } = answer as { rows: unknown[]; fields: { name: string; dataTypeID: number }[] };
    const count = 'rowCount' in answer ? answer.rowCount : undefined;
    return exactText([rows.map(plain), fields.map(({ name, dataTypeID }) => [name, dataTypeID]), count]);
  }
  if (Array.isArray(answer) && answer.length === 2 && Array.isArray(answer[0])) {
    const [rows, columns] = answer as [unknown[], { name: string }[]];
    return exactText([rows.map(plain), columns.map(({ name }) => name)]);
  }
  if (Array.isArray(answer) && 'count' in answer && 'command' in answer) {
    return exactText([[...answer].map(plain), answer.count, answer.command]);
  }
  return exactText(answer);
}

/** Some drivers make up a class for their rows. */
function plain(row: unknown): unknown {
  return typeof row === 'object' && row !== null && !Array.isArray(row) ? { ...row } : row;
}
