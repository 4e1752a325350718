import type { DrizzleCacheOptions } from '@cachetastic/drizzle';
import { describe, expect, it } from 'vitest';
import { forEachDriver, sharedCache } from '../support/blog.js';
import { type CachingDatabase, cachesOn } from '../support/drizzle-caches.js';
import type { Generation } from '../support/generation.js';

/** A cache in Drizzle's option `cache`, for drivers that answer in forms of their own. */
export function drizzleCacheDrivers(generation: Generation): void {
  const { eq } = generation.orm;
  const { users, posts } = generation.blog;
  const select = (db: CachingDatabase) =>
    db.select().from(posts).leftJoin(users, eq(users.id, posts.authorId)).orderBy(posts.id);
  const METHODS = ['all', 'get', 'values', 'execute'] as const;
  type Run = () => Promise<unknown>;

  forEachDriver(generation, describe, (driver) => {
    const { open } = cachesOn(driver);

    it.each(METHODS)('`%s()` returns the same from memory, from Redis and from the database', async (method) => {
      const options = { ...(await sharedCache()), database: 'forms' } as DrizzleCacheOptions;
      const here = await open(options);
      const there = await open(options);
      const run = async (query: object) => {
        // Not every dialect has every method.
        const name = method in query ? method : 'execute';
        const answer = await (Reflect.get(query, name) as Run).call(query);
        // Of values by place, libSQL's own rows are a list that also has names; the cache returns the list.
        return name === 'values' ? (answer as ArrayLike<unknown>[]).map((row) => Array.from(row)) : answer;
      };
      const read = (db: CachingDatabase) => run(select(db).$withCache());
      const plain = await run(select(here.db));

      for (let time = 0; time < 3; time++) expect(await read(here.db)).toEqual(plain);
      await here.cache.idle();
      const sent = await there.sent(async () => {
        for (let time = 0; time < 3; time++) expect(await read(there.db)).toEqual(plain);
      });
      expect(sent).toBe(0);
    });

    it('a query is loaded again after a write', async () => {
      const { db, sent } = await open({ mode: 'all' });
      const read = () => select(db).execute();
      await read();
      expect(await sent(read)).toBe(0);

      await db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));

      expect((await read())[0]?.users).toMatchObject({ name: 'Anna', settings: { theme: 'dark' } });
      expect(await sent(read)).toBe(0);
    });
  });
}
