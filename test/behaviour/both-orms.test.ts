import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlogDatabase } from '../support/blog.js';
import { reachedLog } from '../support/reached-log.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { type DrizzleBlog, openDrizzleBlog } from './both-orms/drizzle-blog.js';
import { DRIZZLE_READS, type DrizzleReadName } from './both-orms/drizzle-reads.js';
import { DRIZZLE_WRITES } from './both-orms/drizzle-writes.js';
import { type PrismaSide, prismaHere, prismaThere, prismaTruth } from './both-orms/prisma-side.js';
import { RAW_FUNCTIONS } from './catalogue/raw-writes.js';
import { READS } from './catalogue/reads.js';
import { SEED } from './catalogue/seed.js';
import { WRITES } from './catalogue/writes.js';

/*
 * Prisma and Drizzle on the same tables, with caches of their own in one namespace of one Redis: what one of them writes,
 * the other has in memory. Columns have three names here, one for each ORM and the database's.
 */

/** Reads of Drizzle's that a write of Prisma's must leave in memory: its keys say that it touches none of their rows. */
const SPARED: Readonly<Record<string, readonly DrizzleReadName[]>> = {
  'update by id': ['person by key, another', 'seat by its two keys', 'profiles', 'categories'],
  'update by unique field': ['person by key', 'person by key, another', 'articles per writer, a view'],
  'update by compound id': ['person by key', 'profile by its person', 'people', 'articles with their writers'],
  'update of the id': ['person by key', 'person by key, another'],
  'delete by id': ['people', 'articles with their writers', 'labels with their articles'],
  'delete by compound id': ['seat by its two keys', 'people', 'companies'],
  'nested create': ['person by key', 'person by key, another', 'categories', 'seats'],
  'nested update, one': ['person by key', 'people', 'articles with their writers'],
  'implicit m-n connect': ['people', 'remarks', 'articles with their writers', 'articles per writer, a view'],
  'explicit m-n create': ['seat by its two keys', 'people', 'companies'],
  'onDelete Cascade: user, posts, comments': ['person by key, another', 'companies', 'categories'],
  $executeRaw: ['profiles', 'seats', 'categories'],
  'interactive transaction': ['seat by its two keys', 'categories'],
};

/** What is repeated within one process. */
const IN_SHORT = WRITES.filter(({ name }) => Object.hasOwn(SPARED, name));

const PLACES = [
  ['in another process', prismaThere, WRITES],
  ['in the same process', prismaHere, IN_SHORT],
] as const;

describe.each(PLACES)('Drizzle shares invalidations with Prisma %s', (_where, openPrisma, writes) => {
  let database: TestDatabase;
  let drizzle: DrizzleBlog;
  let prisma: PrismaSide;
  let plain: ReturnType<typeof prismaTruth>;

  beforeAll(async () => {
    database = await createBlogDatabase();
    await database.execute(RAW_FUNCTIONS + SEED);
    // Nothing here is about a slow Redis: a busy machine must not make the caches step aside.
    const options = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() } as const;
    drizzle = openDrizzleBlog(database.url, options);
    plain = prismaTruth(database.url);
    prisma = await openPrisma({ databaseUrl: database.url, options });
    // A cache opens with its first read, and hears nothing before.
    await drizzle.ask();
    await prisma.ask();
  });

  afterAll(async () => {
    await prisma?.close();
    await drizzle?.close();
    await plain?.close();
    await database?.drop();
  });

  /** The same rows again, which neither cache knows yet. */
  async function refill(): Promise<number> {
    await database.execute(SEED);
    await drizzle.db.$cache.clear();
    return position();
  }

  /** How far Drizzle's cache has heard the log. */
  function position(): number {
    const { seq } = drizzle.db.$cache.stats().log;
    if (seq === undefined) throw new Error('Drizzle follows no log');
    return seq;
  }

  it.each(writes)('after $name by Prisma, no read by Drizzle is stale', async ({ name }) => {
    await refill();
    await drizzle.ask();
    const before = await drizzle.ask();
    expect(inMemory(before)).toEqual(Object.keys(DRIZZLE_READS));

    await reachedLog(drizzle.db.$cache, await prisma.write(name));
    const answers = await drizzle.ask();

    const after = await drizzle.truth();
    expect(differing(answers, after)).toEqual([]);
    expect(differing(before, after)).not.toEqual([]);
    expect(inMemory(answers)).toEqual(expect.arrayContaining([...(SPARED[name] ?? [])]));
  });

  it.each(Object.entries(DRIZZLE_WRITES))(
    'after %s by Drizzle, no read by Prisma is stale',
    async (_name, { run, spares = [] }) => {
      await prisma.ask(await refill());
      const before = await prisma.ask();
      expect(inMemory(before)).toEqual(READS.map(({ name }) => name));

      await run(drizzle.db);
      const answers = await prisma.ask(position());

      const after = await plain.ask();
      expect(differing(answers, after)).toEqual([]);
      expect(differing(before, after)).not.toEqual([]);
      expect(inMemory(answers)).toEqual(expect.arrayContaining([...spares]));
    },
  );

  it('a rolled back transaction of Drizzle invalidates nothing in memory', async () => {
    await prisma.ask(await refill());
    await prisma.ask();

    const undone = drizzle.db.transaction(async (tx) => {
      for (const { run } of Object.values(DRIZZLE_WRITES).slice(0, 4)) await run(tx);
      tx.rollback();
    });
    await expect(undone).rejects.toThrow('Rollback');

    expect(inMemory(await prisma.ask(position()))).toEqual(READS.map(({ name }) => name));
  });
});

interface Answered {
  readonly name: string;
  readonly text: string;
  readonly source: string;
}

function inMemory(answers: readonly Answered[]): string[] {
  return answers.filter(({ source }) => source === 'memory').map(({ name }) => name);
}

/** The reads whose answers are not what the database says. */
function differing(answers: readonly Answered[], truth: readonly string[]): string[] {
  return answers.filter(({ text }, at) => text !== truth[at]).map(({ name }) => name);
}
