import { describe, expect, it } from 'vitest';
import { held } from '../../support/held.js';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';
import { holdNextAnswer } from '../support/held-answers.js';

/** Reads that overlap writes: what was loaded before a change is not kept beyond it. */
export function races(generation: Generation): void {
  const { eq } = generation.orm;
  const { users } = generation.blog;
  const nameOfAnn = async (db: Pick<CachedBlog, 'select'>) =>
    (await db.select({ name: users.name }).from(users).where(eq(users.id, 1)))[0]?.name;
  const rename = (db: Pick<CachedBlog, 'update'>, name: string) =>
    db.update(users).set({ name }).where(eq(users.id, 1));

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap } = blogOn(generation, driver);

    it.each(['here', 'in another cache'])('a slow load that a write %s overtakes is not kept', async (where) => {
      const options = await sharedCache();
      const one = await open(options);
      const other = where === 'here' ? one : wrap(await open(), options);
      await other.db.$cached().$count(users);
      const slow = holdNextAnswer(one.db);
      const before = nameOfAnn(one.db.$cached());
      await slow.given;
      await rename(other.db, 'Anna');
      slow.release();

      expect(await before).toBe('Ann');
      expect(await nameOfAnn(other.db.$cached())).toBe('Anna');
      await one.db.$cache.idle();
      await expect.poll(() => nameOfAnn(one.db.$cached())).toBe('Anna');
      expect(await one.infoOf(() => nameOfAnn(one.db.$cached()))).toMatchObject({ status: 'hit' });
    });

    it('a read after an acknowledged write does not join a load from before it', async () => {
      const { db } = await open();
      await db.$cached().$count(users);
      const slow = holdNextAnswer(db);
      const before = nameOfAnn(db.$cached());
      await slow.given;
      await rename(db, 'Anna');

      expect(await nameOfAnn(db.$cached())).toBe('Anna');
      slow.release();
      expect(await before).toBe('Ann');
      expect(await nameOfAnn(db.$cached())).toBe('Anna');
    });

    it('a write whose result is slow has invalidated when it is acknowledged', async () => {
      const { db } = await open();
      await nameOfAnn(db.$cached());
      const slow = holdNextAnswer(db);
      const write = rename(db, 'Anna').then(() => nameOfAnn(db.$cached()));
      await slow.given;
      // Done in the database, and not acknowledged yet: either name is right.
      expect(['Ann', 'Anna']).toContain(await nameOfAnn(db.$cached()));
      slow.release();

      expect(await write).toBe('Anna');
    });

    // PGlite and a file of SQLite have one connection, which the transaction holds.
    if (driver.name !== 'PGlite' && generation.dialect !== 'sqlite') {
      it('a result that was read between a write and its commit is not served after the commit', async () => {
        const { db, infoOf } = await open();
        await nameOfAnn(db.$cached());

        await db.transaction(async (tx) => {
          await rename(tx, 'Anna');
          await db.$cache.clear();
          expect(await nameOfAnn(db.$cached())).toBe('Ann');
          expect(await infoOf(() => nameOfAnn(db.$cached()))).toMatchObject({ status: 'hit' });
        });

        expect(await nameOfAnn(db.$cached())).toBe('Anna');
      });

      it('a result that was read while a write waited for a lock is not served after the write', async () => {
        const { db, base } = await open();
        const locked = held<void>();
        const unlock = held<void>();
        const holder = base.transaction(async (tx) => {
          await tx.select().from(users).where(eq(users.id, 1)).for('update');
          locked.release();
          await unlock.promise;
        });
        await locked.promise;
        const write = rename(db, 'Anna').then(() => nameOfAnn(db.$cached()));
        expect(await nameOfAnn(db.$cached())).toBe('Ann');
        unlock.release();
        await holder;

        expect(await write).toBe('Anna');
        expect(await nameOfAnn(db.$cached())).toBe('Anna');
      });
    }
  });
}
