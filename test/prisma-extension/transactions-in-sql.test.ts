import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';
import type { TestDatabase } from '../support/services/index.js';
import { createBlog, sharedCache } from './support/blog.js';

/*
 * Transactions that are begun with SQL, on a pool of one connection: Prisma knows nothing of them, and nor do we.
 */

let database: TestDatabase;
let mine: Db;
let other: Db;

beforeAll(async () => {
  database = await createBlog();
  const options = await sharedCache();
  mine = open(options, 1);
  other = open(options);
});
beforeEach(async () => {
  await mine.user.deleteMany();
  await mine.user.create({ data: { id: 1, email: 'ann@example.com', name: 'before' } });
});
afterAll(async () => {
  for (const db of [mine, other]) await db?.$disconnect();
  await database?.drop();
});

type Db = ReturnType<typeof open>;

function open(options: Awaited<ReturnType<typeof sharedCache>>, max = 3) {
  const adapter = new PrismaPg({ connectionString: database.url, max });
  return new PrismaClient({ adapter }).$extends(cachetastic(options));
}

async function name(db: Db): Promise<string> {
  const user = await db.user.findUniqueOrThrow({ where: { id: 1 }, cache: { ttl: 600 } });
  return user.name;
}

/** Waits until both have heard of every change. */
async function heard(): Promise<void> {
  const { seq } = mine.$cache.stats().log;
  await expect.poll(() => other.$cache.stats().log.seq, { timeout: 5_000 }).toBe(seq);
}

it('a transaction begun in SQL leaves no result in the cache that was read before its commit', async () => {
  await name(other);
  await mine.$executeRaw`BEGIN`;
  await mine.user.update({ where: { id: 1 }, data: { name: 'after' } });
  await heard();
  expect(await name(other)).toBe('before');
  await mine.$executeRaw`COMMIT`;
  await heard();

  expect([await name(mine), await name(other)]).toEqual(['after', 'after']);
});

it('a transaction rolled back in SQL leaves none of its results in the cache', async () => {
  await name(other);
  await mine.$executeRaw`BEGIN`;
  await mine.user.update({ where: { id: 1 }, data: { name: 'rolled back' } });
  expect(await name(mine)).toBe('rolled back');
  await mine.$executeRaw`ROLLBACK`;
  await heard();

  expect([await name(mine), await name(other)]).toEqual(['before', 'before']);
});

it('a write is invalidated if SQL ended the transaction of Prisma that was rolled back afterwards', async () => {
  await name(mine);

  const failed = mine.$transaction(async (tx) => {
    await tx.user.update({ where: { id: 1 }, data: { name: 'after' } });
    await tx.$executeRaw`COMMIT`;
    throw new Error('too late');
  });

  await expect(failed).rejects.toThrow('too late');
  expect(await name(mine)).toBe('after');
});
