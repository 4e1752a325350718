import { describe, expect, it } from 'vitest';
import { blogOn, forEachDriver } from '../support/blog.js';
import { type CachedBlog, firstDriver, type Generation } from '../support/generation.js';

type Read = (db: CachedBlog) => PromiseLike<unknown>;

/** What holds when several places say how a query is cached: `$cached`, `$withCache`, `cache`, Drizzle's own words. */
export function cachedOptions(generation: Generation): void {
  const { eq, sql } = generation.orm;
  const { users, tags, quietUsers } = generation.blog;
  const names = (db: CachedBlog) => db.select({ name: users.name }).from(users).where(eq(users.id, 1));
  const again: Record<string, Read> = {
    '$cached again': (db) => names(db.$cached({ ttl: 60 })),
    '$cached with nothing': (db) => names(db.$cached()),
    '$cached after $cached(false)': (db) => names(db.$cached(false).$cached(60)),
    $withCache: (db) => {
      const query = names(db);
      return Reflect.apply(query.$withCache, query, [{ ttl: 60 }]) as PromiseLike<unknown>;
    },
    "$withCache in Drizzle's words": (db) => names(db).$withCache({ config: { ex: 60 } }),
    'cache of a relational query': (db) =>
      db.query.users.findMany({ columns: { name: true }, where: generation.equals('id', 1), cache: { ttl: 60 } }),
  };

  forEachDriver(firstDriver(generation), describe, (driver) => {
    const { open, execute } = blogOn(generation, driver);
    const rename = (name: string) => execute(`UPDATE users SET name = '${name}' WHERE id = 1`);

    it.each(Object.entries(again))('%s keeps the scope that the database has', async (_name, read) => {
      const { db } = await open();
      for (const scope of ['a', 'b']) {
        await rename(`of ${scope}`);
        expect(await read(db.$cached({ scope }))).toEqual([{ name: `of ${scope}` }]);
      }

      for (const scope of ['a', 'b']) {
        expect(await read(db.$cached({ scope }))).toEqual([{ name: `of ${scope}` }]);
      }
    });

    it.each(Object.entries(again))('%s adds to the tags and tables that it has', async (_name, read) => {
      const { db, infoOf } = await open();
      const tagged = db.$cached({ tags: ['team'], tables: ['tags'] });
      await read(tagged);

      expect(await infoOf(() => read(tagged))).toMatchObject({ status: 'hit', footprint: { tags: ['team'] } });
      await db.$cache.invalidate({ tags: 'team' });
      expect(await infoOf(() => read(tagged))).toMatchObject({ status: 'miss' });
      await db.insert(tags).values({ label: 'more' });
      expect(await infoOf(() => read(tagged))).toMatchObject({ status: 'miss' });
    });

    it('the last `$cached` overrides earlier ones', async () => {
      const { db, infoOf } = await open();
      const scoped = db.$cached({ scope: 'a', ttl: 60 });
      await names(scoped.$cached({ scope: 'b' }));

      expect(await infoOf(() => names(scoped))).toMatchObject({ status: 'miss' });
      expect(await infoOf(() => names(db.$cached({ scope: 'b' })))).toMatchObject({ status: 'hit' });
      expect(await infoOf(() => names(scoped.$cached(false)))).toMatchObject({ reason: 'opted-out' });
      expect(await infoOf(() => names(db.$cached(false).$cached()))).toMatchObject({ status: 'miss' });
    });

    it('a write invalidates the tags of every `$cached` that it went through', async () => {
      const { db, infoOf } = await open();
      const labelled = (tag: string) => db.$cached({ tags: [tag] }).$count(tags);
      for (const tag of ['a', 'b', 'c']) await labelled(tag);

      await db
        .$cached({ tags: ['a'] })
        .$cached({ tags: ['b'] })
        .update(users)
        .set({ name: 'B' })
        .where(eq(users.id, 2));

      expect(await infoOf(() => labelled('a'))).toMatchObject({ status: 'miss' });
      expect(await infoOf(() => labelled('b'))).toMatchObject({ status: 'miss' });
      expect(await infoOf(() => labelled('c'))).toMatchObject({ status: 'hit' });
    });

    it('options apply as they were passed, even if the object is changed later', async () => {
      const { db, infoOf } = await open({ tables: { users: { ttl: '1m' }, tags: { ttl: '2m' } } });
      const options = { scope: 'a', tags: ['one'] };
      await names(db.$cached(options));
      Object.assign(options, { scope: 'b' });
      options.tags.push('two');

      const labels = () =>
        db
          .$cached({ scope: 'a', tags: ['one'] })
          .select()
          .from(tags);
      expect(await infoOf(labels)).toMatchObject({ status: 'miss', footprint: { tags: ['one'] } });
      expect(
        await infoOf(() =>
          db
            .$cached({ scope: 'b', tags: ['one'] })
            .select()
            .from(tags),
        ),
      ).toMatchObject({
        status: 'miss',
      });
      expect(await infoOf(labels)).toMatchObject({ status: 'hit' });
    });

    it.each<[given: unknown, like: unknown]>([
      [Number.POSITIVE_INFINITY, null],
      [Number.NaN, null],
      [null, true],
      [60n, 60],
      [{ ttl: 60n }, { ttl: 60 }],
      [{ ttl: Number.POSITIVE_INFINITY }, { ttl: 60 }],
      [{ tll: undefined }, {}],
      [{ tags: [undefined] }, { tags: [] }],
      [() => 60, true],
      [Symbol('60'), true],
      [[], {}],
    ])('refuses %o each time, even after a valid option with the same JSON', async (given, like) => {
      const { db } = await open();
      const refused = expect.objectContaining({ code: 'ERR_INVALID_OPTION' });
      const ask = (options: unknown) => Reflect.apply(db.$cached, db, [options]);

      expect(() => ask(given)).toThrow(refused);
      if (like !== null) ask(like);
      expect(() => ask(given)).toThrow(refused);
      expect(() => db.query.users.findMany({ cache: given } as never)).toThrow(refused);
    });

    if (generation.name === '1.0') {
      it('applies `withCache` of relational queries', async () => {
        const { db, infoOf } = await open();
        const wanted = () => db.query.users.findMany({ withCache: true });
        await wanted();

        expect(await infoOf(wanted)).toMatchObject({ status: 'hit' });
        expect(await infoOf(() => db.query.users.findMany())).toMatchObject({ reason: 'not-requested' });
      });

      it('`withCache: false` of a relational query overrides all other options', async () => {
        const { db, infoOf } = await open({ mode: 'all' });
        for (const read of [
          () => db.query.users.findMany({ withCache: false }),
          () => db.query.users.findFirst({ withCache: false }),
          () => db.$cached(60).query.users.findMany({ withCache: false }),
          () => db.query.users.findMany({ withCache: false, cache: 60 }),
        ] as (() => Promise<unknown>)[]) {
          expect(await infoOf(read)).toMatchObject({ status: 'bypass', reason: 'opted-out' });
          expect(await infoOf(read)).toMatchObject({ status: 'bypass', reason: 'opted-out' });
        }
      });
    }

    it('a view without a definition is cached by the tables that one of several `$cached` declares', async () => {
      const { db, infoOf } = await open();
      const quiet = () =>
        db
          .$cached({ tables: ['users', 'posts'] })
          .$cached(60)
          .select()
          .from(quietUsers);
      await quiet();

      expect(await infoOf(quiet)).toMatchObject({ status: 'hit' });
      await db.execute(sql`delete from posts`);
      expect(await infoOf(quiet)).toMatchObject({ status: 'miss' });
    });
  });
}
