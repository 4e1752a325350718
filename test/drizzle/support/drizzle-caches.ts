import type { CacheEvent } from '@cachetastic/core';
import { type CacheMutation, type DrizzleCache, type DrizzleCacheOptions, drizzleCache } from '@cachetastic/drizzle';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { sharedRedis } from '../../support/services/index.js';
import { ROWS } from './blog.js';
import type { BlogDatabase, Driver, DriverDatabase } from './generation.js';

/** What Drizzle called since it was last asked. */
export interface Calls {
  get: number;
  put: number;
  onMutate: number;
}

/** A database of Drizzle's with a cache in its option `cache`. */
export type CachingDatabase = Omit<BlogDatabase, '$cache'> & {
  readonly $cache: { invalidate(what: CacheMutation): Promise<void> };
};

/** A blog whose rows are the same before each test, and databases on it with caches of Drizzle's kind. */
export function cachesOn(driver: Driver) {
  let database: DriverDatabase;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    // Before PGlite keeps this process from noticing that a connection was closed.
    await sharedRedis();
    database = await driver.create();
  });
  beforeEach(() => (database.fill === undefined ? database.execute(ROWS) : database.fill()));
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => database?.drop());

  async function open(given: DrizzleCacheOptions | DrizzleCache = {}) {
    const events: CacheEvent[] = [];
    const cache = 'strategy' in given ? given : drizzleCache(given);
    cache.on((event) => events.push(event));
    const { calls, took } = counting(cache);
    const { base, statements, close } = await database.connect({ cache });
    closing.push(close, () => cache.close());
    return {
      db: base as unknown as CachingDatabase,
      cache,
      events,
      calls,
      took,
      /** How many statements `work` sends. */
      async sent(work: () => PromiseLike<unknown>): Promise<number> {
        const before = statements.length;
        await work();
        return statements.length - before;
      },
    };
  }

  return { open, execute: (sql: string) => database.execute(sql), database: () => database, closing };
}

/** Counts what Drizzle calls, and which tables it names. */
function counting(cache: DrizzleCache) {
  let calls: Calls = { get: 0, put: 0, onMutate: 0 };
  const took: string[][] = [];
  for (const method of ['get', 'put', 'onMutate'] as const) {
    const own = cache[method].bind(cache) as (...given: unknown[]) => Promise<never>;
    Reflect.set(cache, method, (...given: unknown[]) => {
      calls[method]++;
      if (method === 'get') took.push([...(given[1] as string[])]);
      return own(...given);
    });
  }
  return {
    took,
    calls(): Calls {
      const before = calls;
      calls = { get: 0, put: 0, onMutate: 0 };
      return before;
    },
  };
}
