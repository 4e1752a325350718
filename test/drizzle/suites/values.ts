import { describe, expect, it } from 'vitest';
import { exactText } from '../../support/exact-text.js';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

const TABLE = `
  DROP TABLE IF EXISTS things;
  CREATE TABLE things (
    id serial PRIMARY KEY, ts timestamp(3), tstz timestamptz, day date, clock time, big bigint, amount numeric(20, 5),
    ratio double precision, data jsonb, raw json, bytes bytea, span interval, key uuid, words text[], amounts numeric[],
    times timestamp[], flag boolean, place point, letters char(3), mood text
  );
  INSERT INTO things VALUES (1, '2020-01-02 03:04:05.678', '2020-01-02T03:04:05.743+02', '2020-02-29', '12:34:56', 9007199254740993,
    12345678901234.5, 'NaN', '{"a": [1, null, {"b": "c"}], "n": 1.50}', '"text"', '\\x00ff10', '1 day 02:03:04',
    '00000000-0000-0000-0000-00000000000a', '{a,NULL,"b c"}', '{1.50,2}', '{"2020-01-02 03:04:05.123"}', true, '(1,2)', 'ab', '');
  INSERT INTO things (id) VALUES (2);
  UPDATE users SET settings = '{"theme": "light"}';
`;

/** Values of every type come out of the cache as they come out of the database. */
export function values(generation: Generation): void {
  const { orm, pg } = generation;
  const { users, posts } = generation.blog;
  const bytea = pg.customType<{ data: Buffer }>({ dataType: () => 'bytea' });
  const shout = pg.customType<{ data: { loud: string }; driverData: string }>({
    dataType: () => 'text',
    fromDriver: (text) => ({ loud: text.toUpperCase() }),
    toDriver: ({ loud }) => loud.toLowerCase(),
  });
  const things = pg.pgTable('things', {
    id: pg.serial('id').primaryKey(),
    ts: pg.timestamp('ts', { precision: 3 }),
    tstz: pg.timestamp('tstz', { withTimezone: true }),
    tsText: pg.timestamp('ts', { mode: 'string' }),
    day: pg.date('day', { mode: 'date' }),
    dayText: pg.date('day'),
    clock: pg.time('clock'),
    big: pg.bigint('big', { mode: 'bigint' }),
    amount: pg.numeric('amount'),
    ratio: pg.doublePrecision('ratio'),
    data: pg.jsonb('data'),
    raw: pg.json('raw'),
    bytes: bytea('bytes'),
    span: pg.interval('span'),
    key: pg.uuid('key'),
    words: pg.text('words').array(),
    amounts: pg.numeric('amounts').array(),
    times: pg.timestamp('times').array(),
    flag: pg.boolean('flag'),
    place: pg.point('place'),
    letters: pg.char('letters', { length: 3 }),
    mood: shout('mood'),
  });
  const { bytes: _bytes, mood: _mood, ...own } = orm.getTableColumns(things);
  const reads: Record<string, (db: CachedBlog) => PromiseLike<unknown>> = {
    'the select builder': (db) => db.select().from(things).orderBy(things.id),
    // Of a type that Drizzle reads: what it makes of them may be kept.
    "columns of Drizzle's own types": (db) => db.select(own).from(things).orderBy(things.id),
    'a join': (db) => db.select().from(things).leftJoin(users, orm.eq(users.id, things.id)).orderBy(things.id),
    'relations with dates in them': (db) => db.query.posts.findMany({ with: { author: true } }),
    'raw SQL': (db) => db.execute(orm.sql`select * from things order by id`),
    'an empty answer': (db) => db.select().from(posts).where(orm.eq(posts.id, 99)),
  };

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap, execute } = blogOn(generation, driver);

    it.each(Object.entries(reads))(
      '%s: alike from the database, memory and Redis, three times',
      async (_name, read) => {
        await execute(TABLE);
        const options = { ...(await sharedCache()), tables: {} };
        const { db, base } = await open(options);
        await db.$cached().select().from(things);
        const plain = shown(await read(base as CachedBlog));

        for (let hit = 0; hit < 4; hit++) expect(shown(await read(db.$cached()))).toBe(plain);

        await db.$cache.idle();
        const other = wrap({ base, statements: [], close: async () => {} }, options);
        await other.db.$cached().select().from(things);
        for (let hit = 0; hit < 3; hit++) {
          const { data, info } = await other.db.$cache.explain(() => read(other.db.$cached()));
          expect(info.status).toBe('hit');
          expect(shown(data)).toBe(plain);
        }
      },
    );
  });
}

/** Everything about an answer that a program can see in its rows; of raw SQL, its count besides. */
function shown(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'rows' in answer && 'fields' in answer) {
    const { rows, fields } = answer as { rows: unknown[]; fields: { name: string; dataTypeID: number }[] };
    const count = 'rowCount' in answer ? answer.rowCount : undefined;
    return exactText([rows.map(plain), fields.map(({ name, dataTypeID }) => [name, dataTypeID]), count]);
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
