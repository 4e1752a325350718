import type { CacheEvent } from '@cachetastic/core';
import { mismatchBound } from '@cachetastic/prisma-extension';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Blog, createBlogDatabase, openBlog } from '../support/blog.js';
import { sharedRedis, type TestDatabase, uniqueNamespace, waitUntil } from '../support/services/index.js';

let database: TestDatabase;
let observed: Blog;
let other: Blog;
const mismatches: Extract<CacheEvent, { type: 'mismatch' }>[] = [];

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(
    `INSERT INTO users (id, email, name) VALUES (1, 'ann@example.com', 'Ann'), (2, 'bob@example.com', 'Bob')`,
  );
  const options = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() } as const;
  observed = openBlog(database.url, {
    ...options,
    maxStaleness: '200ms',
    observe: { rate: 1, degrade: true },
    onEvent: (event) => {
      if (event.type === 'mismatch') mismatches.push(event);
    },
  });
  other = openBlog(database.url, options);
});

afterAll(async () => {
  await observed.close();
  await other.close();
  await database.drop();
});

const ask = async ({ db }: Blog, id: number) => (await db.user.findUnique({ where: { id }, cache: '10m' }))?.name;
const counts = () => observed.db.$cache.stats().observer;

it('hits are verified while other processes write, without a false alarm', async () => {
  await waitUntil('some to be verified', async () => {
    await other.db.user.update({ where: { id: 1 }, data: { name: `Ann ${performance.now()}` } });
    await ask(observed, 1);
    await ask(observed, 2);
    expect(counts().verified).toBeGreaterThan(1);
  });

  expect(mismatches).toEqual([]);
  expect(mismatchBound(counts())).toBeLessThanOrEqual(1);
});

it('a row that plain SQL changed is detected and reported, and every process loads it again', async () => {
  await ask(observed, 2);
  await ask(other, 2);
  await database.execute(`UPDATE users SET name = 'Bobby' WHERE id = 2`);
  expect([await ask(observed, 2), await ask(other, 2)]).toEqual(['Bob', 'Bob']);

  await waitUntil('the mismatch', async () => expect(mismatches).toHaveLength(1));

  expect(mismatches).toMatchObject([
    { query: 'User.findUnique', difference: 'content', degraded: ['users'], footprint: { tags: [] } },
  ]);
  expect(JSON.stringify(mismatches)).not.toContain('Bob');
  expect(counts().mismatched).toBe(1);
  await waitUntil('the answer', async () => {
    expect([await ask(observed, 2), await ask(other, 2)]).toEqual(['Bobby', 'Bobby']);
  });
});
