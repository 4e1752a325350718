import { SeparateProcess } from '@cachetastic/core/testing';
import { type Client, createClient } from '@libsql/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { held, settle } from '../../support/held.js';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

type Opened = Awaited<ReturnType<ReturnType<typeof blogOn>['open']>>;

/** A local SQLite file that is busy: libsql leaves the statement open that found it locked, and with it an old snapshot. */
export function busy(generation: Generation): void {
  const { eq, sql } = generation.orm;
  const { users, tags } = generation.blog;
  const named = (db: Pick<CachedBlog, 'select'>, id = 1) =>
    db.select({ name: users.name }).from(users).where(eq(users.id, id));
  const write = (db: Pick<CachedBlog, 'update'>) => db.update(users).set({ name: 'Bert' }).where(eq(users.id, 2));
  const batching = (db: CachedBlog) => db as CachedBlog & { batch(queries: readonly unknown[]): Promise<unknown> };

  /** What needs the lock, each in its own way. */
  const writes: Readonly<Record<string, (db: CachedBlog) => PromiseLike<unknown>>> = {
    'a write': (db) => write(db),
    'a write as raw SQL': (db) => generation.raw(db, sql`update users set name = 'Bert' where id = 2`),
    'the begin of a transaction': (db) => db.transaction((tx) => write(tx)),
    'a batch': (db) => batching(db).batch([db.select().from(tags), write(db)]),
  };

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap, execute, database } = blogOn(generation, driver);

    /** Holds the lock of the file while `work` runs, as another program would. */
    async function locked(work: () => PromiseLike<unknown>): Promise<void> {
      const other = createClient({ url: await database().address() });
      onTestFinished(() => other.close());
      const transaction = await other.transaction('write');
      await work();
      await transaction.rollback();
    }

    async function opened(options: object = {}): Promise<Opened> {
      await execute('PRAGMA journal_mode = WAL');
      return open({ ...(await sharedCache()), ...options });
    }

    it.each(Object.entries(writes))(
      'after %s failed on a locked file, reads go to the database',
      async (_name, fails) => {
        const { db, events, infoOf } = await opened();
        await named(db.$cached());
        expect((await infoOf(() => named(db.$cached()))).status).toBe('hit');

        await locked(() => expect(Promise.resolve(fails(db))).rejects.toThrow());

        for (let time = 0; time < 2; time += 1) {
          expect(await infoOf(() => named(db.$cached()))).toMatchObject({
            status: 'bypass',
            reason: 'connection-behind',
          });
          expect(await infoOf(() => named(db.$cached({ scope: 'one' })))).toMatchObject({
            reason: 'connection-behind',
          });
        }
        await locked(() => expect(Promise.resolve(write(db))).rejects.toThrow());
        expect(events.filter(({ type }) => type === 'connection-behind')).toHaveLength(1);
      },
    );

    it('a result of a connection with an old snapshot is shared with no process', async () => {
      const options = await sharedCache();
      const one = await opened(options);
      const there = await open();
      const other = new SeparateProcess().run(() => wrap(there, options));
      await named(one.db.$cached(), 2);
      await locked(() => expect(Promise.resolve(write(one.db))).rejects.toThrow());

      // What was left open keeps the snapshot of the next read.
      await named(one.db);
      await execute("update users set name = 'Anna' where id = 1");
      await named(one.db.$cached());
      await one.db.$cache.idle();

      expect(await named(other.db.$cached())).toEqual([{ name: 'Anna' }]);
    });

    it('a load in the same turn of the event loop is not kept, even if its result comes before the error', async () => {
      await execute('PRAGMA journal_mode = WAL');
      // Without Redis all of it happens in one turn.
      const { db, base, events } = await open();
      await db.$cached().$count(tags);
      const late = delayNextError(Reflect.get(base, '$client') as Client);

      await locked(async () => {
        const writing = Promise.resolve(write(db)).catch(() => 'failed');
        await late.thrown;
        expect(await named(db.$cached())).toEqual([{ name: 'Ann' }]);
        expect(await writing).toBe('failed');
      });

      expect(events).toContainEqual(
        expect.objectContaining({ type: 'not-filled', query: 'users.select', reason: 'connection-behind' }),
      );
    });

    it('after a locked file, all clients of the same connections read from the database, and others do not', async () => {
      const one = await opened();
      const same = wrap(one, await sharedCache());
      const other = await open(await sharedCache());
      for (const { db } of [same, other]) await named(db.$cached());

      await locked(() => expect(Promise.resolve(write(one.db))).rejects.toThrow());

      expect(await same.infoOf(() => named(same.db.$cached()))).toMatchObject({ reason: 'connection-behind' });
      expect((await other.infoOf(() => named(other.db.$cached()))).status).toBe('hit');
    });

    it('a write that fails for another reason than a lock leaves the cache on', async () => {
      const { db, events, infoOf } = await opened();
      await named(db.$cached());

      await expect(
        Promise.resolve(db.insert(users).values({ id: 1, email: 'ann@example.com', name: 'Ann' })),
      ).rejects.toThrow();
      await named(db.$cached());

      expect((await infoOf(() => named(db.$cached()))).status).toBe('hit');
      expect(events.filter(({ type }) => type === 'connection-behind')).toEqual([]);
    });
  });
}

/** Makes the next error of `client` come late, within the same turn of the event loop. */
function delayNextError(client: Client): { readonly thrown: Promise<void> } {
  const thrown = held<void>();
  const execute = client.execute.bind(client) as (...given: unknown[]) => Promise<unknown>;
  Reflect.set(client, 'execute', async (...given: unknown[]) => {
    try {
      return await execute(...given);
    } catch (error) {
      Reflect.set(client, 'execute', execute);
      thrown.release();
      for (let time = 0; time < 20; time++) await settle();
      throw error;
    }
  });
  return { thrown: thrown.promise };
}
