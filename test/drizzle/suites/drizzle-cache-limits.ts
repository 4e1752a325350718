import type { DrizzleCacheOptions } from '@cachetastic/drizzle';
import { describe, expect, it } from 'vitest';
import { forEachDriver, sharedCache } from '../support/blog.js';
import { type CachingDatabase, cachesOn } from '../support/drizzle-caches.js';
import { firstDriver, type Generation } from '../support/generation.js';

/**
 * What docs/concepts/drizzle-cache.md says that a cache in Drizzle's option cannot mend. A test that fails here may be
 * good news: then a line of that page goes.
 */
export function drizzleCacheLimits(generation: Generation): void {
  const { eq, sql, inArray } = generation.orm;
  const { users, posts, busyUsers } = generation.blog;

  // It is Drizzle that does so, whatever the driver.
  forEachDriver(firstDriver(generation), describe, (driver) => {
    const { open, database, closing } = cachesOn(driver);
    const all = { mode: 'all', repeatAfter: 0 } as const;
    const rename = (db: Pick<CachingDatabase, 'update'>, name: string) =>
      db.update(users).set({ name }).where(eq(users.id, 1));
    const readUsers = (db: Pick<CachingDatabase, 'select'>) => db.select().from(users).orderBy(users.id);

    it('results of a transaction that was rolled back are served to other callers', async () => {
      const { db } = await open(all);

      await db
        .transaction(async (tx) => {
          await rename(tx, 'Ghost');
          await readUsers(tx);
          tx.rollback();
        })
        .catch(() => {});

      expect((await readUsers(db))[0]?.name).toBe('Ghost');
    });

    it('a locking read is served from the cache without the lock, unless it refuses the cache', async () => {
      const { db, sent } = await open(all);
      const lock = () => db.select().from(users).for('update');
      await lock();

      expect(await sent(lock)).toBe(0);
      expect(await sent(() => lock().$withCache(false))).toBe(1);
    });

    it('a write in a CTE happens once', async () => {
      const { db } = await open(all);
      const write = db.$with('write').as(db.insert(posts).values({ title: 'Four' }).returning({ id: posts.id }));
      const both = () => db.with(write).select().from(write).innerJoin(users, eq(users.id, 1));
      await both();
      await both();

      const [row] = await db.select({ count: sql<string>`count(*)` }).from(posts).$withCache(false);
      expect(Number(row?.count)).toBe(4);
    });

    it.each<[what: string, stale: boolean, read: (db: CachingDatabase) => PromiseLike<unknown[]>]>([
      [
        'a view in a join',
        true,
        (db) => db.select().from(posts).innerJoin(busyUsers, eq(busyUsers.id, posts.authorId)),
      ],
      [
        'a subquery in a condition',
        generation.name === '0.45',
        (db) =>
          db
            .select()
            .from(posts)
            .where(inArray(posts.authorId, db.select({ id: users.id }).from(users).where(eq(users.name, 'Ann')))),
      ],
    ])('%s may be stale: %j', async (_what, stale, read) => {
      const { db } = await open(all);
      const before = await read(db);
      await rename(db, 'Anna');

      expect(JSON.stringify(await read(db)) === JSON.stringify(before)).toBe(stale);
    });

    it('changes by foreign keys and raw SQL invalidate nothing in `drizzleCache`', async () => {
      const { db } = await open(all);
      const read = () => db.select().from(posts);
      await read();
      await db.delete(users).where(eq(users.id, 1));
      expect(await read()).toHaveLength(3);
      await db.execute(sql`delete from posts`);

      expect(await read()).toHaveLength(3);
    });

    it('a hundred equal queries are sent a hundred times', async () => {
      const { db, sent } = await open(all);

      expect(await sent(() => Promise.all(Array.from({ length: 100 }, () => readUsers(db))))).toBe(100);
    });

    it('`drizzleCache` and `withCachetastic` invalidate each other', async () => {
      const options = { ...(await sharedCache()), database: 'step by step' };
      const { db } = await open({ ...options, mode: 'all' } as DrizzleCacheOptions);
      const { base, close } = await database().connect();
      const wrapped = generation.withCachetastic(base, options);
      closing.push(close, () => wrapped.$cache.close());
      await readUsers(db);
      await readUsers(wrapped.$cached());

      await rename(wrapped, 'Anna');
      await expect.poll(async () => (await readUsers(db))[0]?.name).toBe('Anna');
      await rename(db, 'Annette');
      await expect.poll(async () => (await readUsers(wrapped.$cached()))[0]?.name).toBe('Annette');
    });
  });
}
