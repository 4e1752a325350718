import { describe, expect, it } from 'vitest';
import { blogOn, forEachDriver } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

/** What a transaction reads and writes, and when others hear of it. */
export function transactions(generation: Generation): void {
  const { eq, sql } = generation.orm;
  const { users, tags, comments } = generation.blog;
  const nameOfAnn = async (db: Pick<CachedBlog, 'select'>) =>
    (await db.select({ name: users.name }).from(users).where(eq(users.id, 1)))[0]?.name;

  forEachDriver(generation, describe, (driver) => {
    const { open, execute } = blogOn(generation, driver);

    it('a transaction reads what it wrote, and nothing is invalidated until it commits', async () => {
      const { db, events } = await open();
      expect(await nameOfAnn(db.$cached())).toBe('Ann');

      await db.transaction(async (tx) => {
        await tx.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
        expect(await nameOfAnn(tx)).toBe('Anna');
        expect(await nameOfAnn((tx as unknown as CachedBlog).$cached())).toBe('Anna');
        expect(events.filter(({ type }) => type === 'invalidate')).toEqual([]);
      });

      expect(await nameOfAnn(db.$cached())).toBe('Anna');
      expect(events.filter(({ type }) => type === 'invalidate')).toHaveLength(1);
    });

    it('`explain` says that a read in a transaction is not cached', async () => {
      const { db, infoOf } = await open({ mode: 'all' });

      const info = await infoOf(() => db.transaction((tx) => nameOfAnn(tx)));

      expect(info).toMatchObject({ status: 'bypass', reason: 'transaction' });
    });

    it('a transaction that is rolled back invalidates and caches nothing', async () => {
      const { db, events, sent } = await open();
      await nameOfAnn(db.$cached());

      const failed = db.transaction(async (tx) => {
        await tx.update(users).set({ name: 'Ghost' }).where(eq(users.id, 1));
        await nameOfAnn((tx as unknown as CachedBlog).$cached());
        throw new Error('no');
      });

      await expect(failed).rejects.toThrow('no');
      expect(await sent(() => nameOfAnn(db.$cached()))).toBe(0);
      expect(await nameOfAnn(db.$cached())).toBe('Ann');
      expect(events.filter(({ type }) => type === 'invalidate')).toEqual([]);
    });

    it('a transaction that calls `rollback()` invalidates nothing', async () => {
      const { db, events } = await open();

      const failed = db.transaction(async (tx) => {
        await tx.delete(users);
        tx.rollback();
      });

      await expect(failed).rejects.toThrow();
      expect(events.filter(({ type }) => type === 'invalidate')).toEqual([]);
    });

    it('a transaction invalidates the writes of its released savepoints, and not those of rolled back ones', async () => {
      const { db } = await open();
      const warm = async () => [await nameOfAnn(db.$cached()), await db.$cached().$count(tags)];
      await warm();

      await db.transaction(async (tx) => {
        await tx.transaction((inner) => inner.insert(tags).values({ label: 'kept' }));
        await tx
          .transaction(async (inner) => {
            await inner.update(users).set({ name: 'Ghost' }).where(eq(users.id, 1));
            throw new Error('inner');
          })
          .catch(() => undefined);
      });

      const { all } = await db.$cache.explain(warm);
      expect(await warm()).toEqual(['Ann', 2]);
      expect(all.map(({ status }) => status)).toEqual(['hit', 'miss']);
    });

    it('a transaction of unknown outcome counts as committed', async () => {
      const { db, base, events } = await open();
      await nameOfAnn(db.$cached());
      const { session } = Object.getPrototypeOf(db) as { session: { transaction: (...given: unknown[]) => unknown } };
      const begin = session.transaction;
      Reflect.set(session, 'transaction', async (...given: unknown[]) => {
        await Reflect.apply(begin, session, given);
        throw new Error('The connection was lost while it committed.');
      });

      const lost = db.transaction((tx) => tx.update(users).set({ name: 'Anna' }).where(eq(users.id, 1)));

      await expect(lost).rejects.toThrow('lost');
      Reflect.set(session, 'transaction', begin);
      expect(await nameOfAnn(db.$cached())).toBe(await nameOfAnn(base));
      expect(events.filter(({ type }) => type === 'invalidate')).toHaveLength(1);
    });

    it('a transaction that continues after a failed savepoint invalidates its writes', async () => {
      const { db } = await open();
      await nameOfAnn(db.$cached());

      await db.transaction(async (tx) => {
        await tx
          .transaction((inner) => inner.insert(users).values({ email: 'ann@example.com', name: 'Twice' }))
          .catch(() => undefined);
        await tx.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
      });

      expect(await nameOfAnn(db.$cached())).toBe('Anna');
    });

    it('a write that its transaction did not await is invalidated', async () => {
      const { db } = await open();
      await nameOfAnn(db.$cached());

      let writing: Promise<unknown> = Promise.resolve();
      await db.transaction(async (tx) => {
        writing = tx.update(users).set({ name: 'Anna' }).where(eq(users.id, 1)).then();
      });
      await writing;

      expect(await nameOfAnn(db.$cached())).toBe('Anna');
    });

    it('a write through a savepoint that was rolled back before is invalidated', async () => {
      const { db } = await open();
      await nameOfAnn(db.$cached());

      await db.transaction(async (tx) => {
        let inner: Pick<CachedBlog, 'update'> = tx;
        await tx
          .transaction(async (savepoint) => {
            inner = savepoint;
            throw new Error('inner');
          })
          .catch(() => undefined);
        await inner.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
      });

      expect(await nameOfAnn(db.$cached())).toBe('Anna');
    });

    it('an explicit invalidation in a transaction waits for the commit', async () => {
      const { db, events } = await open();
      await nameOfAnn(db.$cached());

      await db.transaction(async (tx) => {
        await (tx as unknown as CachedBlog).$cache.invalidate({ tables: users });
        expect(events.filter(({ type }) => type === 'invalidate')).toEqual([]);
      });

      expect(events.filter(({ type }) => type === 'invalidate')).toHaveLength(1);
      expect((await db.$cache.explain(() => nameOfAnn(db.$cached()))).info.status).toBe('miss');
    });

    it('an explicit invalidation in a transaction that is rolled back is dropped', async () => {
      const { db, events, sent } = await open();
      await nameOfAnn(db.$cached());

      const failed = db.transaction(async (tx) => {
        await (tx as unknown as CachedBlog).$cache.invalidate({ tables: users });
        throw new Error('no');
      });

      await expect(failed).rejects.toThrow('no');
      expect(events.filter(({ type }) => type === 'invalidate')).toEqual([]);
      expect(await sent(() => nameOfAnn(db.$cached()))).toBe(0);
    });

    // SQLite has no such locks.
    if (generation.dialect !== 'sqlite')
      it('a locking read goes to the database each time, and takes its lock', async () => {
        const { db, statements } = await open({ mode: 'all' });
        const lock = (on: Pick<CachedBlog, 'select'>) => on.select().from(users).where(eq(users.id, 1)).for('update');
        const times = () => statements.filter((sql) => sql.includes('for update')).length;
        await lock(db);
        await lock(db);
        expect(times()).toBe(2);

        await db.transaction(async (tx) => {
          await lock(tx);
          await lock(tx);
        });

        expect(times()).toBe(4);
      });

    it('a write that the database refused invalidates nothing', async () => {
      const { db, events } = await open();
      await nameOfAnn(db.$cached());
      const invalidated = () => events.some(({ type }) => type === 'invalidate');

      await expect(generation.raw(db, sql`insert into users (no_such_column) values (1)`)).rejects.toThrow();
      expect(invalidated()).toBe(false);
      await expect(db.insert(users).values({ email: 'ann@example.com', name: 'Twice' })).rejects.toThrow();
      // The others may have done a part of it.
      expect(invalidated()).toBe(generation.dialect !== 'postgresql');
    });

    // SQLite has no procedures.
    if (generation.dialect !== 'sqlite')
      it('a write that a procedure committed before it failed is invalidated', async () => {
        const { db, base } = await open();
        const rename = "update users set name = 'Anna' where id = 1";
        await execute(
          generation.dialect === 'mysql'
            ? `CREATE OR REPLACE PROCEDURE stumble() BEGIN ${rename}; UPDATE no_such_table SET id = 1; END`
            : `CREATE OR REPLACE PROCEDURE stumble() LANGUAGE plpgsql
               AS 'BEGIN ${rename.replaceAll("'", "''")}; COMMIT; RAISE EXCEPTION ''too late''; END'`,
        );
        await nameOfAnn(db.$cached());

        await expect(generation.raw(db, sql`call stumble()`)).rejects.toThrow();

        expect(await nameOfAnn(base)).toBe('Anna');
        expect(await nameOfAnn(db.$cached())).toBe('Anna');
      });

    if (generation.dialect === 'mysql') {
      it.each([
        ['creates a table', 'create table made (id int)'],
        ['creates a table that exists', 'create table users (id int)'],
        ['empties a table', 'truncate table comments'],
        ['empties a table that others refer to', 'truncate table users'],
        ['analyzes a table', 'analyze table tags'],
      ])(
        'a transaction that is rolled back after a statement that %s, which committed it, is invalidated',
        async (_, definition) => {
          await execute('DROP TABLE IF EXISTS made');
          const { db, base } = await open();
          await nameOfAnn(db.$cached());

          const failed = db.transaction(async (tx) => {
            await tx.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
            await tx.execute(sql.raw(definition));
            throw new Error('no');
          });

          await expect(failed).rejects.toThrow();
          expect(await nameOfAnn(base)).toBe('Anna');
          expect(await nameOfAnn(db.$cached())).toBe('Anna');
        },
      );

      it('a write to a table that cannot roll back is invalidated after the rollback of its transaction', async () => {
        for (const key of [1, 2]) await execute(`ALTER TABLE comments DROP FOREIGN KEY IF EXISTS comments_ibfk_${key}`);
        await execute('ALTER TABLE comments ENGINE = MyISAM');
        const { db, base } = await open();
        const ids = (on: CachedBlog) => on.select({ id: comments.id }).from(comments).orderBy(comments.id);
        await ids(db.$cached());

        const failed = db.transaction(async (tx) => {
          await tx.transaction(async (inner) => {
            await inner.delete(comments).where(eq(comments.id, 1));
            throw new Error('no');
          });
        });

        await expect(failed).rejects.toThrow();
        expect(await ids(base as CachedBlog)).not.toContainEqual({ id: 1 });
        expect(await ids(db.$cached())).toEqual(await ids(base as CachedBlog));
      });

      it.each(['itself', 'a savepoint in it'])(
        'a write after a deadlock ended its transaction is invalidated, in %s',
        async (where) => {
          const { db, base } = await open();
          const other = (await open()).base as CachedBlog;
          const labels = async (on: CachedBlog) =>
            (await on.select({ label: tags.label }).from(tags)).map((row) => row.label);
          await labels(db.$cached());
          // MySQL looks again only if it got no such query for 100 ms.
          const waiting = sql`select trx_state from information_schema.innodb_trx
          where trx_state = 'LOCK WAIT' and trx_query like '%rival of ${sql.raw(where)}%'`;
          const isWaiting = async () =>
            JSON.stringify(await generation.raw(base as CachedBlog, waiting)).includes('LOCK WAIT');
          // MySQL ends the transaction that has changed less.
          const many = Array.from({ length: 50 }, (_, at) => ({ label: `of the rival ${at}` }));
          const name = `rival of ${where}`;
          let rival: Promise<unknown> = Promise.resolve();
          const collide = async (tx: Pick<CachedBlog, 'update'>) => {
            await tx.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
            await new Promise<void>((begun) => {
              rival = other
                .transaction(async (inner) => {
                  await inner.update(users).set({ name }).where(eq(users.id, 2));
                  await inner.insert(tags).values(many);
                  begun();
                  await inner.update(users).set({ name }).where(eq(users.id, 1));
                  throw new Error('rolled back');
                })
                .catch(() => undefined);
            });
            await expect.poll(isWaiting, { interval: 200, timeout: 10_000 }).toBe(true);
            await tx.update(users).set({ name: 'Bobby' }).where(eq(users.id, 2));
          };

          const failed = db.transaction(async (tx) => {
            const collided = where === 'itself' ? collide(tx) : tx.transaction((inner) => collide(inner));
            await expect(collided).rejects.toThrow();
            await rival;
            await tx.insert(tags).values({ label: 'after' });
            throw new Error('no');
          });

          await expect(failed).rejects.toThrow();
          expect(await labels(base as CachedBlog)).toContain('after');
          expect(await labels(db.$cached())).toEqual(await labels(base as CachedBlog));
        },
      );

      it('a temporary table does not commit its transaction, whose rollback invalidates nothing', async () => {
        const { db, sent } = await open();
        await nameOfAnn(db.$cached());

        const failed = db.transaction(async (tx) => {
          await tx.update(users).set({ name: 'Ghost' }).where(eq(users.id, 1));
          await tx.execute(sql`create temporary table scratch_${sql.raw(String(Date.now()))} (id int)`);
          throw new Error('no');
        });

        await expect(failed).rejects.toThrow('no');
        expect(await sent(() => nameOfAnn(db.$cached()))).toBe(0);
      });
    }

    if (generation.dialect !== 'postgresql')
      it('a failed write that the database applied in part is invalidated', async () => {
        const isMysql = generation.dialect === 'mysql';
        if (isMysql) {
          for (const key of [1, 2])
            await execute(`ALTER TABLE comments DROP FOREIGN KEY IF EXISTS comments_ibfk_${key}`);
          await execute('ALTER TABLE comments ENGINE = MyISAM');
        }
        const { db, base } = await open();
        const ids = (on: CachedBlog) => on.select({ id: comments.id }).from(comments).orderBy(comments.id);
        await ids(db.$cached());

        const twice = `insert ${isMysql ? '' : 'or fail '}into comments (id, text, post_id) values (9, '', 1), (1, '', 1)`;
        await expect(generation.raw(db, sql.raw(twice))).rejects.toThrow();

        expect(await ids(base as CachedBlog)).toHaveLength(3);
        expect(await ids(db.$cached())).toEqual(await ids(base as CachedBlog));
      });

    // SQLite refuses it.
    if (generation.dialect !== 'sqlite')
      it('a transaction begun in SQL invalidates everything when it ends', async () => {
        const { db } = await open();
        await nameOfAnn(db.$cached());

        // Alone: a pool of connections has no transaction that it would end.
        await db.execute(sql`commit`);

        const { info } = await db.$cache.explain(() => nameOfAnn(db.$cached()));
        expect(info.status).toBe('miss');
      });
  });
}
