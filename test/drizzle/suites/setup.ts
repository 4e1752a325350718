import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlogDatabase, DriverDatabase, Generation } from '../support/generation.js';

/** What is refused when a database is wrapped. */
export function setup(generation: Generation): void {
  const { withCachetastic, drivers } = generation;

  let database: DriverDatabase;
  beforeAll(async () => {
    const driver = drivers.find(({ name }) => name === 'PGlite');
    if (driver === undefined) throw new Error('There is no PGlite.');
    database = await driver.create();
  });
  afterAll(() => database?.drop());

  async function lite(settings?: object): Promise<BlogDatabase> {
    return (await database.connect(settings)).base;
  }

  describe(`wrapping a database of Drizzle ${generation.name}`, () => {
    it.each([undefined, null, {}, 'postgres://localhost', () => ({})])(
      'refuses a value that is not a database: %j',
      (given) => {
        expect(() => withCachetastic(given as never)).toThrow(/wraps what `drizzle\(…\)` returns/);
      },
    );

    it('refuses a database that is wrapped already', async () => {
      const base = await lite();

      expect(() => withCachetastic(withCachetastic(base))).toThrow(/has a cache already/);
    });

    it('refuses a database with replicas, and says how to use both', async () => {
      const base = await lite();
      const replicated = generation.pg.withReplicas(base as never, [await lite()] as never);

      expect(() => withCachetastic(replicated)).toThrow('`withReplicas(withCachetastic(primary), [replica])`');
    });

    it('caches results of the primary of a database with replicas', async () => {
      const { blog, pg } = generation;
      const { base, statements } = await database.connect();
      const [cached, replica] = [withCachetastic(base, { ttl: '1h' }), await database.connect()];
      const db = pg.withReplicas(cached as never, [replica.base] as never) as unknown as typeof cached;
      const read = () => db.$cached().select({ name: blog.users.name }).from(blog.users);
      await db.delete(blog.users);
      await db.insert(blog.users).values({ id: 1, email: 'a@x.org', name: 'Ann' } as never);

      expect([await read(), await read()]).toEqual([[{ name: 'Ann' }], [{ name: 'Ann' }]]);
      await db.update(blog.users).set({ name: 'Ada' });
      const before = statements.length;
      expect([await read(), await read()]).toEqual([[{ name: 'Ada' }], [{ name: 'Ada' }]]);
      expect(statements).toHaveLength(before + 1);
      await cached.$cache.close();
    });

    it("refuses a database with Drizzle's own cache", async () => {
      const base = await lite({
        cache: { strategy: () => 'all', get: () => undefined, put: () => {}, onMutate: () => {} },
      });

      expect(() => withCachetastic(base)).toThrow(/has Drizzle's own cache/);
    });

    it('refuses a database for Effect, and says so', async () => {
      const ForEffect = Object.assign(class {}, { [Symbol.for('drizzle:entityKind')]: 'EffectPgDatabase' });
      // What Drizzle 1.0 makes for Effect has a session of its own, with a cache in it that the application did not give.
      const base = Object.assign(new ForEffect(), await lite(), { $cache: { invalidate: () => undefined } });

      expect(() => withCachetastic(base as never)).toThrow(/one of those that Drizzle makes for Effect/);
    });

    it('refuses a synchronous database, and says why', async () => {
      const base = await lite();
      const synchronous = Object.assign(Object.create(base), { resultKind: 'sync' });

      expect(() => withCachetastic(synchronous)).toThrow(/answers synchronously, as `better-sqlite3` does/);
    });

    it('a database of drizzle-orm/prisma is refused: its writes would not be seen', async () => {
      class Session {}
      Reflect.set(Session, Symbol.for('drizzle:entityKind'), 'PrismaPgSession');
      const session = Object.assign(new Session(), { prepareQuery: () => undefined });

      const base: BlogDatabase = Object.assign(Object.create(await lite()), { session });

      expect(() => withCachetastic(base)).toThrow(/sends its queries through a Prisma client/);
    });

    it('refuses a query of an unknown form, because its writes could not be detected', async () => {
      const base = await lite();
      const { session } = base as unknown as {
        session: { prepareQuery: (...settings: readonly unknown[]) => unknown };
      };
      const unknown = Object.assign(Object.create(base), {
        session: Object.assign(Object.create(session), { prepareQuery: () => ({ execute: async () => [] }) }),
      });
      const db = withCachetastic(unknown as typeof base);

      await expect(Promise.resolve().then(() => db.delete(generation.blog.users))).rejects.toThrow(
        /have a form that `withCachetastic\(\)` does not know/,
      );
      await db.$cache.close();
    });

    it.each<[options: object, option: string]>([
      [{ ttl: 0 }, 'ttl'],
      [{ tll: 1 }, 'tll'],
      [{ mode: 'some' }, 'mode'],
      [{ models: {} }, 'models'],
      [{ tables: { users: { ttl: 'soon' } } }, 'tables.users.ttl'],
      [{ tables: { nobody: false } }, 'tables.nobody'],
      [{ tables: { users: { triggers: ['nobody'] } } }, 'tables.users.triggers'],
      [{ tables: [] }, 'tables'],
      [{ views: { quiet_users: 'users' } }, 'views.quiet_users'],
      [{ views: { quiet_users: ['nobody'] } }, 'views.quiet_users'],
      [{ functions: 'shout' }, 'functions'],
      [{ schema: 1 }, 'schema'],
    ])('refuses the options %j', async (options, option) => {
      const base = await lite();

      expect(() => withCachetastic(base, options as never)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_OPTION', option }),
      );
    });

    it('refuses invalid options of `$cached` when it is called', async () => {
      const db = withCachetastic(await lite());

      expect(() => db.$cached({ ttl: -1 })).toThrow(/\$cached\(\)\.ttl/);
      expect(() => db.$cached({ models: [] } as never)).toThrow(/\$cached\(\)\.models/);
      expect(() => db.query.users.findMany({ cache: 'soon' })).toThrow(/\$cached\(\)/);
    });

    it('returns the same database for the same options of `$cached`', async () => {
      const db = withCachetastic(await lite());

      expect(db.$cached({ ttl: 5 })).toBe(db.$cached({ ttl: 5 }));
      expect(db.$cached({ ttl: 6 })).not.toBe(db.$cached({ ttl: 5 }));
    });
  });
}
