import { eq } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { blogOn, forEachDriver } from '../support/blog.js';
import type { CachedBlog } from '../support/generation.js';
import { generation0 } from '../support/generation-0.js';

const { users, posts } = generation0.blog;
/** How often the columns of the test's own types were read. */
let decoded = 0;
const loud = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  fromDriver: (text) => {
    decoded += 1;
    return text.toUpperCase();
  },
});
/* The same columns as others see them. */
const texts = pg.pgTable('users', { id: pg.serial('id'), born: pg.timestamp('born', { mode: 'string' }) });
const dates = pg.pgTable('users', { id: pg.serial('id'), born: pg.timestamp('born', { withTimezone: true }) });
const shouting = pg.pgTable('users', { id: pg.serial('id'), name: loud('name') });

afterEach(() => void vi.restoreAllMocks());

forEachDriver(generation0, describe, (driver) => {
  const { open } = blogOn(generation0, driver);

  it('changes that a caller makes to its rows are visible to no other caller', async () => {
    const { db, sent } = await open();
    const ask = () => db.$cached().select().from(users).orderBy(users.id);
    const [first] = await ask();

    for (let hit = 0; hit < 5; hit += 1) {
      const rows = await ask();
      expect(rows[0]).toEqual(first);
      rows[0]?.born?.setTime(0);
      Object.assign(rows[0]?.settings ?? {}, { theme: 'mine' });
      rows.length = 0;
    }
    const read = vi.spyOn(users.born, 'mapFromDriverValue');
    expect(await sent(ask)).toBe(0);
    expect(read).not.toHaveBeenCalled();
  });

  it('rows are decoded as each query defines, even if the SQL is the same', async () => {
    const { db, sent } = await open();
    const asText = () => db.$cached().select().from(texts).where(eq(texts.id, 1));
    const asDate = () => db.$cached().select().from(dates).where(eq(dates.id, 1));
    const [text, date] = [await asText(), await asDate()];
    expect([typeof text[0]?.born, date[0]?.born?.getTime()]).toEqual(['string', Date.UTC(2000, 0, 2, 3, 4, 5, 678)]);

    const again = async () => {
      for (let hit = 0; hit < 3; hit += 1) {
        expect(await asText()).toEqual(text);
        expect(await asDate()).toEqual(date);
      }
    };

    expect(await sent(again)).toBe(0);
  });

  it('a custom type of the application is decoded on every hit', async () => {
    const { db } = await open();
    const ask = () => db.$cached().select().from(shouting).where(eq(shouting.id, 1));
    await ask();
    await ask();
    const before = decoded;

    for (let hit = 0; hit < 3; hit += 1) expect(await ask()).toEqual([{ id: 1, name: 'ANN' }]);

    expect(decoded).toBe(before + 3);
  });

  it('a custom type of the application is decoded on every hit, also as a part of its table', async () => {
    const { db } = await open();
    const ask = () => db.$cached().select({ user: shouting }).from(shouting).where(eq(shouting.id, 1));
    await ask();
    await ask();
    const before = decoded;

    for (let hit = 0; hit < 3; hit += 1) expect(await ask()).toEqual([{ user: { id: 1, name: 'ANN' } }]);

    expect(decoded).toBe(before + 3);
  });

  it('findFirst and findMany with limit 1 have different results, although the SQL is the same', async () => {
    const { db, base, sent } = await open();
    const one = { where: eq(posts.id, 1), with: { author: true } } as const;
    const asks: ((asked: CachedBlog) => PromiseLike<unknown>)[] = [
      (asked) => asked.query.posts.findMany({ ...one, limit: 1 }),
      (asked) => asked.query.posts.findFirst(one),
      (asked) => asked.query.posts.findMany({ where: eq(posts.id, 99), limit: 1 }),
      (asked) => asked.query.posts.findFirst({ where: eq(posts.id, 99) }),
    ];
    const expected: unknown[] = [];
    for (const ask of asks) expected.push(await ask(base as unknown as CachedBlog));
    const cached = db.$cached();
    for (const ask of asks) await ask(cached);

    const again = async () => {
      for (let hit = 0; hit < 5; hit += 1) {
        for (const [index, ask] of asks.entries()) {
          for (let twice = 0; twice < 2; twice += 1) expect(await ask(cached)).toEqual(expected[index]);
        }
      }
    };

    expect(await sent(again)).toBe(0);
  });

  it('relations, first rows and empty results are the same on every hit', async () => {
    const { db, base, sent } = await open();
    const asks: ((asked: CachedBlog) => PromiseLike<unknown>)[] = [
      (asked) => asked.query.users.findMany({ with: { posts: { with: { comments: true } } } }),
      (asked) => asked.query.posts.findFirst({ where: eq(posts.id, 1), with: { author: true } }),
      (asked) => asked.query.posts.findFirst({ where: eq(posts.id, 99) }),
      (asked) => asked.select().from(posts).where(eq(posts.id, 99)),
      (asked) => asked.select().from(users).leftJoin(posts, eq(posts.authorId, users.id)).orderBy(users.id, posts.id),
    ];
    const cached = db.$cached();
    const expected: unknown[] = [];
    for (const ask of asks) expected.push(await ask(base as unknown as CachedBlog));
    for (const ask of asks) await ask(cached);

    const again = async () => {
      for (let hit = 0; hit < 4; hit += 1) {
        for (const [index, ask] of asks.entries()) expect(await ask(cached)).toEqual(expected[index]);
      }
    };

    expect(await sent(again)).toBe(0);
  });

  it('prepared queries have the same results, and are invalidated like other queries', async () => {
    const { db, sent } = await open();
    const prepared = db.$cached().select().from(users).orderBy(users.id).prepare('all_users');
    const first = await prepared.execute();
    const again = async () => {
      for (let hit = 0; hit < 4; hit += 1) {
        const rows = await prepared.execute();
        expect(rows).toEqual(first);
        rows[0]?.born?.setTime(0);
      }
    };
    expect(await sent(again)).toBe(0);

    await db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));

    for (let hit = 0; hit < 3; hit += 1) expect((await prepared.execute())[0]?.name).toBe('Anna');
  });
});
