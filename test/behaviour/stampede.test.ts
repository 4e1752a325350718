import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Blog, createBlogDatabase, openBlog } from '../support/blog.js';
import { SecondProcess } from '../support/second-process/index.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { SEED } from './catalogue/seed.js';

const USERS = /^SELECT .*"users"/;

let database: TestDatabase;
let here: Blog;
let alone: Blog;
let there: SecondProcess;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(SEED);
  await database.execute(`
    INSERT INTO users (email, name) SELECT 'many' || n, 'Many' FROM generate_series(1, 100) n;
  `);
  const options = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() } as const;
  here = openBlog(database.url, options);
  alone = openBlog(database.url, { namespace: uniqueNamespace() });
  there = await SecondProcess.start({ databaseUrl: database.url, options });
});

afterAll(async () => {
  await there.close();
  await here.close();
  await alone.close();
  await database.drop();
});

describe.each([
  ['with Redis', () => here],
  ['in memory alone', () => alone],
] as const)('%s', (_, blog) => {
  beforeEach(async () => {
    // Whatever opens on the first read has opened.
    await blog().db.org.findMany({ cache: 60 });
    await blog().db.$cache.clear();
    blog().watch.reset();
  });

  it('100 identical misses at once are one statement', async () => {
    const { db, watch } = blog();
    const ask = () => db.user.findMany({ where: { name: 'Many' }, orderBy: { id: 'asc' }, cache: 60 });

    const answers = await Promise.all(Array.from({ length: 100 }, ask));

    expect(watch.count(USERS)).toBe(1);
    expect(new Set(answers.map((rows) => JSON.stringify(rows))).size).toBe(1);
    // Every caller has its own rows.
    expect(new Set(answers).size).toBe(100);
    expect(new Set(answers.map(([row]) => row)).size).toBe(100);
  });

  it('100 identical misses at once whose load fails are one statement, and all reject', async () => {
    const { db, watch } = blog();
    watch.fail(USERS, new Error('the disk is on fire'));

    const ask = () => db.user.findMany({ where: { name: 'Ada' }, cache: 60 });
    const answers = await Promise.allSettled(Array.from({ length: 100 }, ask));

    expect(watch.count(USERS)).toBe(1);
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    // A failure is not remembered.
    expect(await ask()).toHaveLength(1);
    expect(watch.count(USERS)).toBe(2);
  });

  it('32 misses by different ids in one tick are one statement, as without a cache', async () => {
    const { db, watch } = blog();
    const ids = Array.from({ length: 32 }, (_, n) => n + 1);
    const ask = () => Promise.all(ids.map((id) => db.user.findUnique({ where: { id }, cache: 60 })));

    const loaded = await ask();

    expect(watch.count(USERS)).toBe(1);
    expect(loaded.map((user) => user?.id)).toEqual(ids);
    expect(await ask()).toEqual(loaded);
    expect(watch.count(USERS)).toBe(1);
  });
});

it('two processes that miss at once make at most one statement each', async () => {
  const name = 'users by role and score';
  await there.call('ask', { names: [name] });
  await here.db.$cache.clear();
  await there.call('hear', { seq: here.db.$cache.stats().log.seq ?? 0 });

  const [mine, theirs] = await Promise.all([
    here.watch.during(async () => {
      const ask = () => here.db.user.findMany({ where: { role: 'ADMIN' }, cache: 60 });
      await Promise.all(Array.from({ length: 50 }, ask));
    }),
    there.call('stampede', { callers: 50 }),
  ]);

  const count = (statements: readonly string[]): number => statements.filter((text) => USERS.test(text)).length;
  console.log(`two processes x 50 callers: ${count(mine)} + ${count(theirs)} statements`);
  expect(count(mine)).toBeLessThanOrEqual(1);
  expect(count(theirs)).toBeLessThanOrEqual(1);
  expect(count(mine) + count(theirs)).toBeGreaterThanOrEqual(1);
});
