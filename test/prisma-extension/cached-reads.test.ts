import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Prisma, PrismaClient } from '../fixtures/blog/generated/client/client.js';
import type { TestDatabase } from '../support/services/index.js';
import { cachedBlog, connect, createBlog, fillBlog, sharedCache } from './support/blog.js';

let database: TestDatabase;
let filled: Awaited<ReturnType<typeof fillBlog>>;
const open: { $disconnect(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createBlog();
  const { base } = connect(database);
  filled = await fillBlog(base);
  await base.$disconnect();
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.$disconnect();
});
afterAll(() => database?.drop());

function setup(...given: Parameters<typeof cachedBlog> extends [unknown, ...infer Rest] ? Rest : never) {
  const blog = cachedBlog(database, ...given);
  open.push(blog.db);
  return blog;
}

describe('every read operation', () => {
  it('goes to the database once and has the same result afterwards', async () => {
    const { db, base, loads } = setup();
    const { ann } = filled;
    const reads = {
      findUnique: () => db.user.findUnique({ where: { id: ann.id }, cache: true }),
      findUniqueOrThrow: () => db.user.findUniqueOrThrow({ where: { email: ann.email }, cache: 60 }),
      findFirst: () => db.user.findFirst({ where: { name: 'Ann' }, cache: '5m' }),
      findFirstOrThrow: () => db.user.findFirstOrThrow({ where: { name: 'Bob' }, cache: { ttl: 60 } }),
      findMany: () =>
        db.post.findMany({ include: { author: true, comments: true }, orderBy: { id: 'asc' }, cache: { ttl: '1h' } }),
      count: () => db.post.count({ where: { authorId: ann.id }, cache: true }),
      aggregate: () => db.user.aggregate({ _sum: { score: true, balance: true }, _count: true, cache: true }),
      groupBy: () => db.post.groupBy({ by: ['authorId'], _count: true, orderBy: { authorId: 'asc' }, cache: true }),
      nothing: () => db.user.findFirst({ where: { name: 'Nobody' }, cache: true }),
      empty: () => db.user.findMany({ where: { name: 'Nobody' }, cache: true }),
    };
    const native = {
      findMany: await base.post.findMany({ include: { author: true, comments: true }, orderBy: { id: 'asc' } }),
      aggregate: await base.user.aggregate({ _sum: { score: true, balance: true }, _count: true }),
    };

    for (const [name, read] of Object.entries(reads)) {
      const first = await read();
      expect(await loads(async () => expect(await read()).toEqual(first)), name).toBe(0);
    }

    expect(await reads.findMany()).toEqual(native.findMany);
    expect(await reads.aggregate()).toEqual(native.aggregate);
  });

  it('goes to the database each time without `cache`', async () => {
    const { db, loads } = setup();

    await db.user.count();
    expect(await loads(() => db.user.count())).toBe(1);
    expect(await loads(() => db.user.count({ cache: false }))).toBe(1);
  });
});

it('every read is cached in mode all, except with `cache: false` and of excluded models', async () => {
  const { db, loads } = setup({ mode: 'all', models: { Tag: false } });
  await db.user.count();
  await db.tag.count();

  expect(await loads(() => db.user.count())).toBe(0);
  expect(await loads(() => db.user.count({ cache: false }))).toBe(1);
  expect(await loads(() => db.tag.count())).toBe(1);
  expect(await loads(() => db.tag.count({ cache: true }))).toBe(1);
});

it('every caller gets its own copy of the result', async () => {
  const { db } = setup();
  const read = () => db.post.findMany({ include: { author: true }, orderBy: { id: 'asc' }, cache: true });
  const [first, second] = await Promise.all([read(), read()]);
  const before = structuredClone(first.map(({ author, ...post }) => ({ ...post, author: author.name })));

  for (const post of first) post.author.name = 'spoilt';
  second.length = 0;

  const third = await read();
  expect(third.map(({ author, ...post }) => ({ ...post, author: author.name }))).toEqual(before);
});

it('a fluent call and the equal select have different keys', async () => {
  const { db } = setup();
  const where = { id: filled.ann.id };
  const cached = db.$cached(true);

  for (let round = 0; round < 2; round++) {
    const posts = await cached.user.findUnique({ where }).posts();
    const user = await cached.user.findUnique({ where, select: { posts: true } });
    expect(posts?.map(({ slug }) => slug)).toEqual(['one', 'two']);
    expect(user).toEqual({ posts });
  }
});

it('Prisma’s nulls, columns, decimals and bigints are distinguished by value', async () => {
  const { db, loads } = setup();
  const everything = { decimal: '1', bigint: 1n, float: 1, boolean: true, at: new Date(0), day: new Date(0) };
  const rest = { bytes: new Uint8Array([1]), text: 'x', role: 'ADMIN' as const };
  for (const [text, jsonN] of [
    ['json', Prisma.JsonNull],
    ['db', Prisma.DbNull],
  ] as const) {
    await db.everything.create({ data: { ...everything, ...rest, text, json: {}, jsonN } });
  }
  const texts = async (value: typeof Prisma.JsonNull | typeof Prisma.DbNull | typeof Prisma.AnyNull) =>
    (await db.everything.findMany({ where: { jsonN: { equals: value } }, orderBy: { id: 'asc' }, cache: true })).map(
      ({ text }) => text,
    );

  for (let round = 0; round < 2; round++) {
    expect(await texts(Prisma.JsonNull)).toEqual(['json']);
    expect(await texts(Prisma.DbNull)).toEqual(['db']);
    expect(await texts(Prisma.AnyNull)).toEqual(['json', 'db']);
  }

  const byDecimal = (decimal: string) =>
    db.everything.count({ where: { decimal: new Prisma.Decimal(decimal) }, cache: true });
  expect(await byDecimal('1')).toBe(2);
  expect(await loads(async () => expect(await byDecimal('1.00')).toBe(2))).toBe(0);
  expect(await byDecimal('1.5')).toBe(0);

  const { id, authorId } = db.post.fields;
  expect(await db.post.count({ where: { authorId: { equals: id } }, cache: true })).not.toBe(
    await db.post.count({ where: { authorId: { equals: authorId } }, cache: true }),
  );
});

it('results have values of the same classes as from the database', async () => {
  const { db, base } = setup();
  const { id } = await db.everything.create({
    data: {
      decimal: '12345678901234567890.0123456789',
      bigint: 9007199254740993n,
      float: -0.5,
      boolean: false,
      at: new Date('2020-02-29T12:34:56.789Z'),
      day: new Date('2020-02-29'),
      bytes: new Uint8Array([0, 255]),
      json: { nested: [1, null, { a: 'b' }] },
      jsonN: Prisma.JsonNull,
      text: '___bi_x',
      role: 'GUEST',
      ints: [1, 2],
      bigints: [1n],
      decimals: ['0.10'],
      ats: [new Date(0)],
      roles: ['ADMIN'],
    },
  });
  const native = await base.everything.findUniqueOrThrow({ where: { id } });
  const read = () => db.everything.findUniqueOrThrow({ where: { id }, cache: true });
  await read();

  const hit = await read();

  expect(hit).toEqual(native);
  expect(hit.decimal).toBeInstanceOf(Prisma.Decimal);
  expect(hit.decimals[0]).toBeInstanceOf(Prisma.Decimal);
  expect(hit.bytes).toBeInstanceOf(Uint8Array);
  expect(hit.bytes.constructor).toBe(native.bytes.constructor);
  expect(typeof hit.bigint).toBe('bigint');
  expect(hit.at).toBeInstanceOf(Date);
});

it('clients with different global omit share no results, though they share a cache', async () => {
  const options = await sharedCache();
  const { db } = setup(options);
  const discreet = new PrismaClient({
    adapter: new PrismaPg({ connectionString: database.url }),
    omit: { user: { email: true } },
  }).$extends(cachetastic(options));
  open.push(discreet);
  const where = { id: filled.ann.id };

  const full = await db.user.findUniqueOrThrow({ where, cache: true });
  await db.$cache.idle();
  const partial = await discreet.user.findUniqueOrThrow({ where, cache: true });

  expect(full.email).toBe('ann@example.com');
  expect(partial).not.toHaveProperty('email');
});

it('results are separate for each scope, and nothing is cached without a required scope', async () => {
  let tenant: string | undefined = 'a';
  const { db, loads } = setup({ scope: () => tenant });
  const read = () => db.user.count({ cache: true });
  await read();

  tenant = 'b';
  expect(await loads(read)).toBe(1);
  tenant = 'a';
  expect(await loads(read)).toBe(0);
  tenant = undefined;
  expect(await loads(read)).toBe(1);
  expect((await db.$cache.explain(read)).info).toMatchObject({ status: 'bypass', reason: 'no-scope' });
  expect(await loads(() => db.user.count({ cache: { scope: 'a' } }))).toBe(0);
});

it('`$cache.invalidate` accepts tags, models and everything', async () => {
  const { db, loads } = setup();
  const tagged = () => db.user.count({ cache: { tags: ['team'] } });
  const posts = () => db.post.count({ cache: true });
  const warm = async () => {
    await tagged();
    await posts();
  };

  await warm();
  await db.$cache.invalidate({ tags: ['team'] });
  expect([await loads(tagged), await loads(posts)]).toEqual([1, 0]);

  await db.$cache.invalidate({ models: ['Post'] });
  expect([await loads(tagged), await loads(posts)]).toEqual([0, 1]);

  await db.tag.create({ data: { label: 'other' }, cache: { tags: ['team'] } });
  expect([await loads(tagged), await loads(posts)]).toEqual([1, 0]);

  await db.$cache.clear();
  expect([await loads(tagged), await loads(posts)]).toEqual([1, 1]);
  await expect(db.$cache.invalidate({ models: ['Nope'] })).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' });
});

it('`$cache.explain` reports how reads were answered', async () => {
  const { db } = setup();
  const read = () => db.user.findMany({ where: { id: filled.ann.id }, cache: 60 });

  const first = await db.$cache.explain(read);
  const second = await db.$cache.explain(read);
  const uncached = await db.$cache.explain(() => db.user.count());

  expect(first.info).toMatchObject({ query: 'User.findMany', status: 'miss', source: 'origin' });
  expect(second.info).toMatchObject({ status: 'hit', source: 'memory' });
  expect(second.data).toEqual(first.data);
  expect(uncached.info).toMatchObject({ status: 'bypass', reason: 'not-requested' });
  expect(db.$cache.stats().hits.memory).toBe(1);
});
