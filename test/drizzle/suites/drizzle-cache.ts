import { describe, expect, it } from 'vitest';
import { forEachDriver } from '../support/blog.js';
import { type CachingDatabase, cachesOn } from '../support/drizzle-caches.js';
import type { Generation } from '../support/generation.js';

const NOTHING = { get: 0, put: 0, onMutate: 0 };
const LOADED = { get: 1, put: 1, onMutate: 0 };
const FOUND = { get: 1, put: 0, onMutate: 0 };
const WROTE = { get: 0, put: 0, onMutate: 1 };

/** A cache in Drizzle's own option `cache`: when Drizzle asks it, and what a program sees of it. */
export function drizzleCacheSuite(generation: Generation): void {
  const { eq, sql, gt, getTableName } = generation.orm;
  const { users, posts } = generation.blog;
  const { alias } = generation.pg;
  const { dialect, lacks } = generation;
  // MariaDB knows no `lateral`, which 1.0 needs for it.
  const alone = lacks.includes('one row by its key, with relations');
  const insert = (db: CachingDatabase) => db.insert(users).values({ email: 'c', name: 'Cy' });

  forEachDriver(generation, describe, (driver) => {
    const { open, execute } = cachesOn(driver);

    describe('in the mode `explicit`', () => {
      it('a plain query does not use the cache', async () => {
        const { db, calls } = await open();

        await db.select().from(users);

        expect(calls()).toEqual(NOTHING);
      });

      it('a query with `$withCache` comes from the cache the second time', async () => {
        const { db, calls, sent } = await open();
        const read = () => db.select().from(users).orderBy(users.id).$withCache();

        const first = await read();
        expect(calls()).toEqual(LOADED);
        expect(await sent(read)).toBe(0);
        expect(calls()).toEqual(FOUND);
        expect(await read()).toEqual(first);
        expect(first).toEqual(await db.select().from(users).orderBy(users.id));
      });

      it('a query is loaded again after a write', async () => {
        const { db, calls, sent } = await open();
        const read = () =>
          db
            .select()
            .from(users)
            .$withCache({ config: { ex: 60 } });
        await read();
        expect(calls()).toEqual(LOADED);

        await insert(db);
        expect(calls()).toEqual(WROTE);
        expect(await sent(read)).toBe(1);
        expect(await read()).toHaveLength(3);
      });

      it('a result that only its tag invalidates is kept until then', async () => {
        const { db, calls, sent } = await open();
        const read = () =>
          db
            .select()
            .from(users)
            .$withCache({ tag: 'custom', autoInvalidate: false, config: { ex: 60 } });
        await read();
        expect(calls()).toEqual(LOADED);
        await insert(db);

        expect(await read()).toHaveLength(2);
        await db.$cache.invalidate({ tags: ['custom'] });
        expect(await sent(read)).toBe(1);
        await db.$cache.invalidate({ tags: 'custom' });
        expect(await read()).toHaveLength(3);
      });
    });

    describe('in the mode `all`', () => {
      it('plain queries come from the cache', async () => {
        const { db, calls } = await open({ mode: 'all' });
        const read = () => db.select().from(users);

        await read();
        expect(calls()).toEqual(LOADED);
        await read();
        expect(calls()).toEqual(FOUND);
      });

      it('a query that refuses the cache is sent, before and after others are cached', async () => {
        const { db, calls } = await open({ mode: 'all' });
        const refuse = () => db.select().from(users).$withCache(false);
        await refuse();
        expect(calls()).toEqual(NOTHING);
        await db.select().from(users);
        calls();

        await refuse();

        expect(calls()).toEqual(NOTHING);
      });

      it('a result with `autoInvalidate: false` survives a write', async () => {
        const { db, calls } = await open({ mode: 'all' });
        const read = () => db.select().from(users).$withCache({ autoInvalidate: false });
        await read();
        expect(calls()).toEqual(LOADED);
        await insert(db);
        expect(calls()).toEqual(WROTE);

        expect(await read()).toHaveLength(2);
      });

      it.each([true, false])('a result is found by its tag, invalidated by writes: %j', async (autoInvalidate) => {
        const { db, calls } = await open({ mode: 'all' });
        const read = () => db.select().from(users).$withCache({ tag: 'custom', autoInvalidate });
        await read();
        expect(calls()).toEqual(LOADED);
        await insert(db);
        expect(calls()).toEqual(WROTE);

        expect(await read()).toHaveLength(autoInvalidate ? 3 : 2);
        await db.$cache.invalidate({ tags: ['custom'] });
        expect(await read()).toHaveLength(3);
      });

      it('a prepared statement has one entry for each set of placeholder values', async () => {
        const { db, sent } = await open({ mode: 'all' });
        const byId = db
          .select()
          .from(users)
          .where(eq(users.id, sql.placeholder('id')))
          .prepare('byId');
        const both = async () => [await byId.execute({ id: 1 }), await byId.execute({ id: 2 })];
        const first = await both();

        expect(await sent(both)).toBe(0);
        expect(await both()).toEqual(first);
      });

      it('relational queries are cached only by Drizzle 1.0', async () => {
        const { db, calls } = await open({ mode: 'all' });
        const read = () => db.query.users.findMany(alone ? {} : { with: { posts: true } });
        const first = await read();

        expect(calls()).toEqual(generation.name === '1.0' ? LOADED : NOTHING);
        expect(await read()).toEqual(first);
        await db.insert(posts).values({ title: 'Four', authorId: 1 });
        if (!alone) expect((await read())[0]).toHaveProperty('posts.length', 3);
      });
    });

    it('`$cache.invalidate` accepts names or tables, one or a list', async () => {
      const { db, sent, calls } = await open();
      const read = () => db.select().from(users).$withCache();

      for (const tables of ['users', ['posts', 'users'], users, [posts, users]]) {
        await read();
        expect(await sent(read)).toBe(0);
        await db.$cache.invalidate({ tables } as never);
        expect(await sent(read)).toBe(1);
      }
      expect(calls().onMutate).toBe(0);
      await db.$cache.invalidate({ tables: 'posts' });
      await db.$cache.invalidate({ tables: [], tags: [] });
      expect(await sent(read)).toBe(0);
    });

    it.each([{}, { table: 'users' }, { tables: [''] }, { tables: {} }, { tags: [1] }, undefined])(
      '`$cache.invalidate` refuses %j, which names nothing',
      async (what) => {
        const { db } = await open();

        await expect(db.$cache.invalidate(what as never)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' });
      },
    );

    if (dialect === 'postgresql')
      it('a table of a schema is invalidated by its name with the schema or without', async () => {
        await execute('CREATE SCHEMA IF NOT EXISTS app; CREATE TABLE IF NOT EXISTS app.users (id integer)');
        const apart = generation.pg.pgSchema('app').table('users', { id: generation.pg.integer('id') });
        const { db, sent, calls } = await open();
        const read = () => db.select().from(apart).$withCache();

        for (const tables of [apart, 'app.users', 'users']) {
          await read();
          await db.$cache.invalidate({ tables });
          expect(await sent(read)).toBe(1);
        }
        calls();
        await insert(db);
        await db.$cache.invalidate({ tables: users });
        expect(await sent(read)).toBe(0);
        await db.insert(apart).values({ id: 1 });
        expect(await read()).toEqual([{ id: 1 }]);
      });

    describe('the tables of a query that Drizzle passes to its cache', () => {
      const names = [getTableName(users), getTableName(posts)];
      const others = alias(posts, 'others');

      it.each<[what: string, tables: readonly string[], read: (db: CachingDatabase) => PromiseLike<unknown>]>([
        ['one table', ['users'], (db) => db.select().from(users)],
        ['one table in SQL', ['users'], (db) => db.select({ id: sql`id` }).from(sql`${users}`)],
        ['a join', names, (db) => db.select().from(users).leftJoin(posts, eq(posts.authorId, users.id))],
        [
          'a join in SQL',
          names,
          (db) =>
            db.select({ name: sql`name` }).from(sql`${users}`).leftJoin(sql`${posts}`, eq(posts.authorId, users.id)),
        ],
        [
          'one table twice, by another name',
          names,
          (db) =>
            db
              .select()
              .from(users)
              .leftJoin(posts, eq(posts.authorId, users.id))
              .leftJoin(others, eq(others.authorId, users.id)),
        ],
        [
          'one table in a subquery',
          ['users'],
          (db) => {
            const inner = db.select().from(users).where(gt(users.id, 0)).as('inner');
            return db.select().from(inner);
          },
        ],
      ])('the tables are known for %s', async (_what, tables, read) => {
        const { db, took, sent } = await open({ mode: 'all' });
        await read(db);

        expect(took).toEqual([tables]);
        expect(await sent(() => read(db))).toBe(0);
        await db.delete(posts);
        await insert(db);
        expect(await sent(() => read(db))).toBe(1);
      });

      if (generation.name === '1.0')
        it('the tables in a common table expression are known since 1.0', async () => {
          const { db, took, calls } = await open({ mode: 'all' });
          const old = db.$with('old').as(db.select({ id: users.id }).from(users));
          const read = () => db.with(old).select().from(posts).innerJoin(old, eq(old.id, posts.authorId));
          expect(await read()).toHaveLength(3);
          expect([...(took[0] ?? [])].sort()).toEqual(['posts', 'users']);
          calls();

          await db.insert(posts).values({ title: 'Four', authorId: 1 });
          expect(await read()).toHaveLength(4);
          await db.delete(users).where(eq(users.id, 1));
          expect(await read()).toHaveLength(1);
          expect(calls().onMutate).toBe(2);
        });

      it('no table is known for a query of only a view, which is not cached then', async () => {
        const { db, events, sent } = await open({ mode: 'all' });
        const { busyUsers } = generation.blog;
        await db.select().from(busyUsers);

        expect(await sent(() => db.select().from(busyUsers))).toBe(1);
        expect(events.at(-1)).toMatchObject({ type: 'bypass', reason: 'not-analysable: Drizzle names no table' });
        const kept = () => db.select().from(busyUsers).$withCache({ autoInvalidate: false });
        await kept();
        expect(await sent(kept)).toBe(0);
      });
    });

    it('errors of queries are not changed', async () => {
      const { db } = await open({ mode: 'all' });
      const { db: plain } = await open();
      const fail = (on: CachingDatabase) => on.select({ no: sql`no_such_column` }).from(users).then();

      const [cached, uncached] = await Promise.all(
        [fail(db), fail(plain)].map((query) => query.catch((error) => error)),
      );

      expect(cached.constructor).toBe(uncached.constructor);
      expect(String(cached.cause)).toBe(String(uncached.cause));
    });

    it('parameters of different kinds never share a result', async () => {
      const { db } = await open({ mode: 'all' });
      const ask = async (value: unknown) =>
        (
          await db
            .select({ text: sql<string>`cast(${value} as ${sql.raw(dialect === 'mysql' ? 'char' : 'text')})` })
            .from(users)
            .where(eq(users.id, 1))
        )[0];
      const values = ['1', 1.5, '1.5', null, 'null', ...(generation.name === '1.0' ? [15n, '15'] : [])];

      const first = [];
      for (const value of values) first.push(await ask(value));

      expect(first.map((row) => row?.text)).toEqual(values.map((value) => (value === null ? null : String(value))));
      const again = [];
      for (const value of values) again.push(await ask(value));
      expect(again).toEqual(first);
    });
  });
}
