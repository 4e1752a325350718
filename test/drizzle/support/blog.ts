import type { CacheEvent, ReadInfo } from '@cachetastic/core';
import type { CachetasticOptions } from '@cachetastic/drizzle';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { sharedRedis, uniqueNamespace } from '../../support/services/index.js';
import type { Connection, Driver, DriverDatabase, Generation } from './generation.js';
import type { SharedOptions } from './other-process/index.js';

/** Ann wrote One and Two, Bob wrote Three; One has two comments and a tag. */
export const ROWS = `
  TRUNCATE users, tags RESTART IDENTITY CASCADE;
  INSERT INTO users (email, name, score, born, settings) VALUES
    ('ann@example.com', 'Ann', 3, '2000-01-02T03:04:05.678Z', '{"theme": "dark"}'), ('bob@example.com', 'Bob', 1, NULL, NULL);
  INSERT INTO posts (title, views, author_id) VALUES ('One', 5, 1), ('Two', 0, 1), ('Three', 2, 2);
  INSERT INTO comments (text, post_id, user_id) VALUES ('First', 1, 2), ('Second', 1, NULL);
  INSERT INTO tags (label) VALUES ('news');
  INSERT INTO post_tags VALUES (1, 1);
  REFRESH MATERIALIZED VIEW user_names;
`;

/** A blog whose rows are the same before each test, and databases of it that end with the test. */
export function blogOn(generation: Generation, driver: Driver) {
  let database: DriverDatabase;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    await sharedCache();
    database = await driver.create();
  });
  beforeEach(() => (database.fill === undefined ? database.execute(ROWS) : database.fill()));
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => database?.drop());

  /** Connects, and wraps what it connected. */
  async function open(options: CachetasticOptions = {}) {
    const connection = await database.connect();
    closing.push(connection.close);
    return wrap(connection, options);
  }

  function wrap(connection: Connection, options: CachetasticOptions = {}) {
    const events: CacheEvent[] = [];
    const db = generation.withCachetastic(connection.base, { onEvent: (event) => events.push(event), ...options });
    closing.push(() => db.$cache.close());
    const { statements } = connection;
    return {
      ...connection,
      db,
      events,
      /** How many statements `work` sends. */
      async sent(work: () => PromiseLike<unknown>): Promise<number> {
        const before = statements.length;
        await work();
        return statements.length - before;
      },
      /** How each read in `work` was answered. */
      async infoOf(work: () => PromiseLike<unknown>): Promise<ReadInfo> {
        return (await db.$cache.explain(work)).info;
      },
    };
  }

  return { open, wrap, execute: (sql: string) => database.execute(sql), database: () => database, closing };
}

/** Options of databases that share a cache in Redis. A busy machine may take longer than the default deadline. */
export async function sharedCache(): Promise<SharedOptions> {
  // Asked for once, and before PGlite keeps this process from noticing that a connection was closed.
  redisUrl ??= sharedRedis();
  return { redis: { url: await redisUrl, deadline: '5s' }, namespace: uniqueNamespace() };
}

let redisUrl: Promise<string> | undefined;

/** Runs `suite` for each driver of `generation`. */
export function forEachDriver(
  generation: Generation,
  describe: (name: string, work: () => void) => void,
  suite: (driver: Driver) => void,
): void {
  for (const driver of generation.drivers)
    describe(`${driver.name} on Drizzle ${generation.name}`, () => suite(driver));
}
