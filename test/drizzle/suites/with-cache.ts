import { describe, expect, it } from 'vitest';
import { blogOn, forEachDriver } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

/** `$withCache` on one query of a database that `withCachetastic` made. */
export function withCacheOnQueries(generation: Generation): void {
  const { eq } = generation.orm;
  const { users } = generation.blog;

  forEachDriver(generation, describe, (driver) => {
    const { open } = blogOn(generation, driver);
    const read = (db: CachedBlog, ...given: unknown[]) => {
      const query = db.select().from(users).where(eq(users.id, 1));
      return Reflect.apply(query.$withCache, query, given) as Promise<unknown[]>;
    };

    it('`$withCache` caches its query, with its options', async () => {
      const { db, sent, infoOf } = await open();
      const first = await read(db, { ttl: 60, tags: ['team'] });

      expect(await sent(async () => expect(await read(db, { ttl: 60, tags: ['team'] })).toEqual(first))).toBe(0);
      expect(await infoOf(() => read(db, { ttl: 60, tags: ['team'] }))).toMatchObject({
        status: 'hit',
        footprint: { tags: ['team'] },
      });
      await db.$cache.invalidate({ tags: 'team' });
      expect(await sent(() => read(db, { ttl: 60, tags: ['team'] }))).toBe(1);
      expect(await sent(() => db.select().from(users).where(eq(users.id, 1)))).toBe(1);
    });

    it("`$withCache` accepts Drizzle's own options", async () => {
      const { db, sent, infoOf } = await open();
      const given = { tag: 'team', config: { ex: 60 }, autoInvalidate: false };
      for (const argument of [[], [given]]) {
        await read(db, ...argument);
        expect(await sent(() => read(db, ...argument))).toBe(0);
      }

      await db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));

      expect(await read(db, given)).toMatchObject([{ name: 'Anna' }]);
      expect(await infoOf(() => read(db, given))).toMatchObject({ footprint: { tags: ['team'] } });
    });

    it('`$withCache(false)` overrides the options of the database', async () => {
      const { db, infoOf } = await open({ mode: 'all' });

      for (const each of [db, db.$cached({ ttl: 60 })]) {
        expect(await infoOf(() => read(each, false))).toMatchObject({ status: 'bypass', reason: 'opted-out' });
      }
    });

    it('`$withCache` caches nothing in a transaction', async () => {
      const { db, infoOf } = await open();
      const within = () => db.transaction((tx) => read(tx as never, { ttl: 60 }) as never);

      expect(await infoOf(within)).toMatchObject({ status: 'bypass', reason: 'transaction' });
    });

    it('`$withCache` applies to a prepared query', async () => {
      const { db, sent } = await open();
      const prepared = db.select().from(users).$withCache().prepare('all');
      await prepared.execute();

      expect(await sent(() => prepared.execute())).toBe(0);
    });

    it.each([{ tll: 60 }, { ttl: 'soon' }, { tags: 'team' }, { config: { ex: -1 } }])(
      '`$withCache` rejects the invalid options %j',
      async (given) => {
        const { db } = await open();

        await expect(Promise.resolve().then(() => read(db, given))).rejects.toMatchObject({
          code: 'ERR_INVALID_OPTION',
        });
      },
    );
  });
}
