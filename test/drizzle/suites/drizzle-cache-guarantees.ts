import { createQueryCache, type QueryCache } from '@cachetastic/core';
import { ManualClock, SeparateProcess } from '@cachetastic/core/testing';
import { type DrizzleCacheOptions, drizzleCache } from '@cachetastic/drizzle';
import { describe, expect, it } from 'vitest';
import { exactText as textOf } from '../../support/exact-text.js';
import { held } from '../../support/held.js';
import { sharedRedis, startProxy, uniqueNamespace } from '../../support/services/index.js';
import { waitUntil } from '../../support/services/wait-until.js';
import { forEachDriver, sharedCache } from '../support/blog.js';
import { type CachingDatabase, cachesOn } from '../support/drizzle-caches.js';
import type { Generation } from '../support/generation.js';
import { startOtherProcess } from '../support/other-process/index.js';

const EVERY_TYPE = `
  DROP TABLE IF EXISTS kinds;
  CREATE TABLE kinds (id integer, big bigint, bytes bytea, at timestamptz, times timestamp[], data jsonb, amount numeric);
  INSERT INTO kinds VALUES
    (1, 9007199254740993, '\\x00ff', '2020-01-02T03:04:05.743Z', '{"2020-01-02 03:04:05.123"}', '{"a": [1, null]}', 1.50);
  INSERT INTO kinds (id) VALUES (2);
`;

/** What a cache in Drizzle's option `cache` promises when things happen at once or go wrong. */
export function drizzleCacheGuarantees(generation: Generation): void {
  const { eq, sql } = generation.orm;
  const { pg } = generation;
  const { users, posts } = generation.blog;
  const bytea = pg.customType<{ data: Buffer }>({ dataType: () => 'bytea' });
  const kinds = pg.pgTable('kinds', {
    id: pg.integer('id'),
    big: pg.bigint('big', { mode: 'bigint' }),
    bytes: bytea('bytes'),
    at: pg.timestamp('at', { withTimezone: true }),
    times: pg.timestamp('times').array(),
    data: pg.jsonb('data'),
    amount: pg.numeric('amount'),
  });
  const readUsers = (db: CachingDatabase) => db.select().from(users).orderBy(users.id);
  const nameOfAnn = async (db: CachingDatabase) => (await readUsers(db))[0]?.name;
  const rename = (db: Pick<CachingDatabase, 'update'>, name: string) =>
    db.update(users).set({ name }).where(eq(users.id, 1));

  forEachDriver(generation, describe, (driver) => {
    const { open, execute, database, closing } = cachesOn(driver);

    it('a result loaded before a change is never served, however late it is put', async () => {
      const { db, cache, sent } = await open({ mode: 'all', repeatAfter: 0 });
      const slow = holdPut(cache);
      const before = nameOfAnn(db);
      await slow.reached;
      await rename(db, 'Anna');
      expect(await nameOfAnn(db)).toBe('Anna');

      slow.release();

      expect(await before).toBe('Ann');
      expect(await sent(async () => expect(await nameOfAnn(db)).toBe('Anna'))).toBe(0);
    });

    it('each `put` is matched to its own load among many of one key, some of which fail', async () => {
      const { db, cache } = await open({ repeatAfter: 0 });
      const ask = (answer: string) =>
        db
          .select({ answer: sql<string>`${sql.raw(answer)}` })
          .from(users)
          .$withCache({ tag: 'one key' });
      const slow = holdPut(cache);
      const old = ask(`'old'`).execute();
      await slow.reached;
      await expect(ask('1 / 0')).rejects.toThrow();
      await rename(db, 'Anna');
      await expect(ask('1 / 0')).rejects.toThrow();
      const young = ask(`'young'`);
      await young;
      slow.release();
      await old;

      expect((await ask(`'younger'`))[0]?.answer).toBe('young');
    });

    it('a `put` without a `get` caches nothing', async () => {
      const { cache, events } = await open();
      await cache.put('key', { rows: [] }, ['users'], false);

      expect(await cache.get('key', ['users'], false)).toBe(undefined);
      expect(events).toContainEqual(expect.objectContaining({ type: 'not-filled', reason: 'load-not-seen' }));
    });

    it('a result is kept for the lifetime that the query sets', async () => {
      const clock = new ManualClock();
      const queries = createQueryCache({ database: 'test', clock });
      const { db, sent } = await open(drizzleCache(queries, { ttl: '5m' }));
      const now = Date.now();

      for (const [config, seconds] of [
        [undefined, 300],
        [{}, 300],
        [{ keepTtl: true, hexOptions: 'NX' }, 300],
        [{ ex: 10 }, 10],
        [{ px: 10_000 }, 10],
        [{ exat: Math.round(now / 1_000) + 100 }, 100],
        [{ pxat: now + 100_000 }, 100],
        [{ ttl: '10s' }, 10],
      ] as const) {
        const read = () => readUsers(db).$withCache({ ...(config && { config: config as object }) });
        await rename(db, 'Ann');
        await read();
        clock.advance((seconds - 2) * 1_000);
        expect(await sent(read)).toBe(0);
        clock.advance('4s');
        expect(await sent(read)).toBe(1);
      }
    });

    it.each([{ ex: -1 }, { ex: 'soon' }, { px: Number.NaN }, { exat: 1 }, { ttl: 'soon' }, { ttl: 0 }])(
      'a query with the invalid time %j runs uncached',
      async (config) => {
        const { db, sent, events } = await open();
        const read = () => readUsers(db).$withCache({ config: config as object });

        expect(await read()).toHaveLength(2);
        expect(await sent(read)).toBe(1);
        expect(events.at(-1)).toMatchObject({ type: 'not-filled', reason: expect.stringContaining('config.') });
      },
    );

    it('values of every type are the same from the database, memory and Redis, and every caller gets a copy', async () => {
      await execute(EVERY_TYPE);
      const options = { ...(await sharedCache()), database: 'kinds' } as DrizzleCacheOptions;
      const here = await open(options);
      const there = await open(options);
      const read = (db: CachingDatabase) => db.select().from(kinds).orderBy(kinds.id).$withCache();
      const plain = textOf(await here.db.select().from(kinds).orderBy(kinds.id));

      for (let time = 0; time < 4; time++) {
        const rows = await read(here.db);
        expect(textOf(rows)).toBe(plain);
        spoil(rows);
      }
      await here.cache.idle();
      expect(
        await there.sent(async () => {
          for (let hit = 0; hit < 3; hit++) {
            const rows = await read(there.db);
            expect(textOf(rows)).toBe(plain);
            spoil(rows);
          }
        }),
      ).toBe(0);
    });

    it('two databases of one namespace share no results', async () => {
      const shared = (await sharedCache()) as DrizzleCacheOptions;
      // First, for it keeps this process busy for seconds, in which it does not hear of the log.
      const other = await driver.create();
      closing.push(() => other.drop());
      const here = await open({ ...shared, database: 'here' });
      await other.execute(`INSERT INTO users (email, name) VALUES ('z', 'Zoe')`);
      const cache = drizzleCache({ ...shared, database: 'other' });
      closing.push(() => cache.close());
      const connection = await other.connect({ cache });
      closing.push(() => connection.close());
      const there = connection.base as unknown as CachingDatabase;
      const read = (db: CachingDatabase) => readUsers(db).$withCache();

      for (let time = 0; time < 2; time++) {
        expect(await read(here.db)).toHaveLength(2);
        expect(await read(there)).toMatchObject([{ name: 'Zoe' }]);
      }
      await there.delete(users);
      expect(await here.sent(() => read(here.db))).toBe(0);
      expect(await read(there)).toEqual([]);
    });

    it('scopes share no results, and nothing is cached if the scope is `undefined`', async () => {
      let scope: string | undefined = 'a';
      const { db, sent, events } = await open({ mode: 'all', scope: () => scope });
      await readUsers(db);
      scope = 'b';
      expect(await sent(() => readUsers(db))).toBe(1);
      scope = undefined;
      expect(await sent(() => readUsers(db))).toBe(1);
      expect(events.at(-1)).toMatchObject({ type: 'bypass', reason: 'no-scope' });
    });

    const isServer = driver.name !== 'PGlite';
    if (isServer)
      it('every write invalidates in another process', async () => {
        const options = { ...(await sharedCache()), database: 'two' };
        const { db, sent } = await open(options);
        const other = await startOtherProcess(generation, driver, database(), options);
        closing.push(() => other.close());
        const names = async () => (await readUsers(db).$withCache()).map(({ name }) => name);

        expect((await other.call('names')).names).toEqual(['Ann', 'Bob']);
        expect(await sent(names)).toBe(0);
        await rename(db, 'Anna');
        await waitUntil('the other process hears', async () => {
          expect((await other.call('names')).names).toEqual(['Anna', 'Bob']);
        });
        expect((await other.call('names')).hits).toBeGreaterThan(0);
        await names();
        await other.call('rename', { name: 'Annette' });
        await waitUntil('this process hears', async () => expect(await names()).toEqual(['Annette', 'Bob']));
      });

    if (isServer)
      it('an invalidation is repeated, for results that were read before the commit', async () => {
        const repeating = await open({ mode: 'all', repeatAfter: '20ms' });
        const once = await open(new SeparateProcess().run(() => drizzleCache({ mode: 'all', repeatAfter: 0 })));
        for (const { db } of [repeating, once]) await nameOfAnn(db);

        for (const { db } of [repeating, once]) {
          await db.transaction(async (tx) => {
            await rename(tx as never, `by ${db === once.db}`);
            await nameOfAnn(db);
          });
        }
        expect(await nameOfAnn(once.db)).toBe('by false');
        await waitUntil('what was kept before the commit is gone', async () => {
          expect(await nameOfAnn(repeating.db)).toBe('by true');
        });
      });

    describe('a cache that fails', () => {
      it('a cache that loses Redis fails no query and no write, and nothing is stale afterwards', async () => {
        const url = await sharedRedis();
        const { hostname, port } = new URL(url);
        const way = await startProxy({ host: hostname, port: Number(port || 6379) });
        closing.unshift(() => way.close());
        const namespace = uniqueNamespace();
        const redis = (from: string) => ({ url: from, deadline: '300ms' }) as const;
        const here = await open({ mode: 'all', namespace, database: 'x', redis: redis(way.url(url)) });
        const there = await open({ mode: 'all', namespace, database: 'x', redis: redis(url) });
        for (const { db } of [here, there]) expect(await nameOfAnn(db)).toBe('Ann');

        way.cut();
        await rename(here.db, 'Anna');
        expect(await nameOfAnn(here.db)).toBe('Anna');
        expect(await here.db.select().from(posts)).toHaveLength(3);
        await expect(here.db.$cache.invalidate({ tables: 'users' })).rejects.toMatchObject({
          code: 'ERR_INVALIDATION_LOST',
        });
        way.restore();

        await waitUntil('the write is heard of', async () => expect(await nameOfAnn(there.db)).toBe('Anna'));
        await rename(there.db, 'Annette');
        await waitUntil('the other hears again', async () => expect(await nameOfAnn(here.db)).toBe('Annette'));
      });

      it.each(['find', 'fill', 'write'] as const)('a cache that throws in `%s` fails no query', async (where) => {
        const queries = failing(createQueryCache({ database: 'test' }), where);
        const { db } = await open(drizzleCache(queries, { mode: 'all' }));

        for (let time = 0; time < 2; time++) {
          expect(await readUsers(db)).toHaveLength(2);
          await rename(db, 'Anna');
          await db.select().from(posts);
        }
      });
    });
  });

  describe('drizzleCache', () => {
    it.each<[options: object, option: string]>([
      [{ ttl: 0 }, 'ttl'],
      [{ tll: 1 }, 'tll'],
      [{ mode: 'global' }, 'mode'],
      [{ swr: 1 }, 'swr'],
      [{ intents: true }, 'intents'],
      [{ repeatAfter: -1 }, 'repeatAfter'],
      [{ redis: 'redis://127.0.0.1:1' }, 'database'],
      [{ redis: 'redis://127.0.0.1:1', database: '' }, 'database'],
    ])('refuses the options %j', (options, option) => {
      expect(() => drizzleCache(options)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION', option }));
    });

    it('refuses options that an existing cache already has', async () => {
      const cache = createQueryCache({ database: 'test' });

      expect(() => drizzleCache(cache, { namespace: 'x' } as never)).toThrow(/namespace/);
      const made = drizzleCache(cache);
      await made.close();
      expect((await cache.find(question)).found).toBe(false);
      await cache.close();
    });

    it('is a cache of the type that Drizzle expects, and not its no-op cache', () => {
      const cache = drizzleCache();
      const kinds = ['Cache', 'NoopCache'].map((kind) => {
        class Kind {}
        Reflect.set(Kind, Symbol.for('drizzle:entityKind'), kind);
        return generation.orm.is(cache, Kind as never);
      });

      expect(kinds).toEqual([true, false]);
      expect(cache.strategy()).toBe('explicit');
      expect(drizzleCache({ mode: 'all' }).strategy()).toBe('all');
    });
  });
}

const question = {
  name: 'q',
  keyParts: [],
  footprint: { dependencies: [], tags: [] },
  lifetime: { ttl: 1, swr: 0, grace: 0 },
};

/** Holds back the next `put` until it is released. */
function holdPut(cache: object) {
  const reached = held<void>();
  const gate = held<void>();
  const put = Reflect.get(cache, 'put') as (...given: unknown[]) => Promise<void>;
  Reflect.set(cache, 'put', async (...given: unknown[]) => {
    Reflect.set(cache, 'put', put);
    reached.release();
    await gate.promise;
    return put.apply(cache, given);
  });
  return { reached: reached.promise, release: () => gate.release() };
}

/** `cache`, one of whose methods throws. */
function failing(cache: QueryCache, where: 'find' | 'fill' | 'write'): QueryCache {
  const fail = () => {
    throw new Error('broken');
  };
  const broken = Object.create(cache) as QueryCache;
  for (const method of ['find', 'write', 'on', 'bypass', 'stats', 'close'] as const) {
    Reflect.set(broken, method, cache[method].bind(cache));
  }
  if (where === 'fill') {
    broken.find = async (query) => {
      const found = await cache.find(query);
      return found.found ? found : ({ ...found, fill: fail } as never);
    };
  } else Reflect.set(broken, where, async () => fail());
  return broken;
}

/** Changes what can be changed in `rows`. */
function spoil(rows: readonly Record<string, unknown>[]): void {
  for (const row of rows) {
    (row['at'] as Date | null)?.setTime(0);
    (row['bytes'] as Buffer | null)?.fill(7);
    (row['times'] as unknown[] | null)?.push('spoiled');
    Object.assign(row['data'] ?? {}, { spoiled: true });
  }
}
