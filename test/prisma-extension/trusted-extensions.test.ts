import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { Prisma } from '@prisma/client/extension';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AnyBlogDb, BLOG_TABLES, openPlain } from '../support/blog.js';
import { createDatabase, type TestDatabase } from '../support/services/index.js';
import { fillBlog, sharedCache } from './support/blog.js';

let database: TestDatabase;
let plain: ReturnType<typeof openPlain>;
const open: { $disconnect(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createDatabase(BLOG_TABLES);
  plain = openPlain(database.url);
});
beforeEach(async () => {
  await database.execute('TRUNCATE orgs, users, posts, comments, tags RESTART IDENTITY CASCADE');
  await fillBlog(plain.client);
  await plain.client.post.updateMany({ data: { published: true } });
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.$disconnect();
});
afterAll(async () => {
  await plain?.close();
  await database?.drop();
});

type Query = (args: object) => PromiseLike<unknown>;
interface Call {
  readonly args: { readonly where?: object };
  readonly query: Query;
}

/** Posts are deleted by no longer being published: reads look for published ones, deletes update. */
function softDelete(name?: string, published = true) {
  const visible = ({ args, query }: Call) => query({ ...args, where: { ...args.where, published } });
  return (client: unknown) => {
    const captured = client as AnyBlogDb;
    const extension = {
      ...(name === undefined ? {} : { name }),
      query: {
        post: {
          findUnique: visible,
          findMany: visible,
          count: visible,
          delete: ({ args }: Call) => captured.post.update({ ...args, data: { published: false } } as never),
        },
      },
    };
    return captured.$extends(extension as never);
  };
}

function extended(options: CachetasticOptions, ...extensions: readonly ((client: unknown) => unknown)[]) {
  const base = openPlain(database.url);
  const all = base.client.$extends(cachetastic(options)) as unknown as AnyBlogDb;
  open.push({ $disconnect: base.close }, all);
  return { all, filtered: extensions.map((extension) => all.$extends(extension as never) as unknown as AnyBlogDb) };
}

const slugs = async (db: AnyBlogDb) =>
  (await db.$cached(300).post.findMany({ orderBy: { id: 'asc' } })).map(({ slug }) => slug);
const one = (db: AnyBlogDb) => db.$cached(300).post.findUnique({ where: { slug: 'one' } });
const statusOf = async (db: AnyBlogDb, read: (db: AnyBlogDb) => Promise<unknown>) =>
  (await db.$cache.explain(() => read(db))).info.status;

const unnamed = softDelete();

it.each<[string, CachetasticOptions['trustExtensions'], (client: unknown) => unknown]>([
  ['by name', ['soft-delete'], softDelete('soft-delete')],
  ['by reference', [unnamed], unnamed],
  ['as all are', true, softDelete()],
])(
  'reads with a soft delete extension after the cache, trusted %s, are cached and correct',
  async (_, trustExtensions, extension) => {
    const { all, filtered } = extended({ trustExtensions }, extension);
    const [visible = expect.unreachable()] = filtered;
    expect([await slugs(visible), await slugs(all)]).toEqual([
      ['one', 'two', 'three'],
      ['one', 'two', 'three'],
    ]);
    await one(visible);
    await one(all);
    expect([await statusOf(visible, slugs), await statusOf(visible, (db) => one(db))]).toEqual(['hit', 'hit']);

    await visible.post.delete({ where: { slug: 'one' } });

    for (let turn = 0; turn < 2; turn += 1) {
      expect(await slugs(visible)).toEqual(['two', 'three']);
      expect(await one(visible)).toBeNull();
      expect(await slugs(all)).toEqual(['one', 'two', 'three']);
      expect(await one(all)).toMatchObject({ published: false });
    }
    await all.post.update({ where: { slug: 'one' }, data: { published: true } });
    expect(await slugs(visible)).toEqual(['one', 'two', 'three']);
  },
);

it('two extensions with the same code that capture different values share no results', async () => {
  const [shown, hidden] = [softDelete(undefined, true), softDelete(undefined, false)];
  for (const trustExtensions of [true, [shown, hidden]] as const) {
    const { filtered } = extended({ trustExtensions }, shown, hidden);
    const [visible = expect.unreachable(), deleted = expect.unreachable()] = filtered;

    for (let turn = 0; turn < 2; turn += 1) {
      expect(await slugs(visible)).toEqual(['one', 'two', 'three']);
      expect(await slugs(deleted)).toEqual([]);
    }
  }
});

it('results of a named extension after the cache are shared through Redis, those of an unnamed one are not', async () => {
  const shared = await sharedCache();
  const sourceOf = async (trustExtensions: CachetasticOptions['trustExtensions'], name?: string) => {
    const clients = [1, 2].map(() => extended({ ...shared, trustExtensions }, softDelete(name)));
    const [[first = expect.unreachable()] = [], [second = expect.unreachable()] = []] = clients.map((c) => c.filtered);
    await slugs(first);
    await first.$cache.idle();
    return (await second.$cache.explain(() => slugs(second))).info.source;
  };

  expect(await sourceOf(['soft-delete'], 'soft-delete')).toBe('redis');
  expect(await sourceOf(true)).toBe('origin');
});

it('an extension made by Prisma.defineExtension is trusted by reference', async () => {
  const logging = Prisma.defineExtension({ query: { $allOperations: ({ args, query }) => query(args) } });
  const { filtered } = extended({ trustExtensions: [logging] }, logging as (client: unknown) => unknown);
  const [logged = expect.unreachable()] = filtered;
  await slugs(logged);

  expect(await statusOf(logged, slugs)).toBe('hit');
});
