import { cachetastic } from '@cachetastic/prisma-extension';
import { Prisma } from '@prisma/client/extension';
import { makeTypedQueryFactory } from '@prisma/client/runtime/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Prisma as Blog } from '../fixtures/blog/generated/client/client.js';
import type { TestDatabase } from '../support/services/index.js';
import { cachedBlog, createBlog, fillBlog } from './support/blog.js';

let database: TestDatabase;
let blog: ReturnType<typeof cachedBlog>;
let filled: Awaited<ReturnType<typeof fillBlog>>;

beforeAll(async () => {
  database = await createBlog();
  const { base } = cachedBlog(database);
  filled = await fillBlog(base);
  await base.$disconnect();
});
beforeEach(() => {
  blog = cachedBlog(database);
});
afterEach(() => blog.db.$disconnect());
afterAll(() => database?.drop());

it('`$cached` caches what has no `cache` argument: the fluent API, groupBy, aggregate, raw SQL', async () => {
  const { db, loads } = blog;
  const cached = db.$cached({ ttl: 60, models: ['User'] });
  const { ann } = filled;
  const sql = Blog.sql`SELECT name AS who FROM users WHERE id = ${ann.id}`;
  const reads = {
    fluent: () => cached.user.findUnique({ where: { id: ann.id } }).posts({ orderBy: { id: 'asc' } }),
    twice: () =>
      cached.post
        .findUnique({ where: { slug: 'one' } })
        .author()
        .org(),
    groupBy: () => cached.post.groupBy({ by: ['authorId'], _count: true, orderBy: { authorId: 'asc' } }),
    aggregate: () => cached.user.aggregate({ _sum: { balance: true } }),
    template: () => cached.$queryRaw`SELECT name, balance FROM users WHERE id = ${ann.id}`,
    sql: () => cached.$queryRaw(sql),
    unsafe: () => cached.$queryRawUnsafe('SELECT name FROM users WHERE id = $1', ann.id),
    typed: () => cached.$queryRawTyped(typedSql('SELECT count(*) FROM users WHERE id = $1', [ann.id])),
    otherTyped: () => cached.$queryRawTyped(typedSql('SELECT count(*) FROM users WHERE id > $1', [ann.id])),
  };

  const first = Object.fromEntries(
    await Promise.all(Object.entries(reads).map(async ([name, read]) => [name, await read()])),
  );
  for (const [name, read] of Object.entries(reads)) {
    expect(await loads(async () => expect(await read()).toEqual(first[name])), name).toBe(0);
  }

  expect(first['typed']).toEqual([{ count: 1n }]);
  expect(first['template'][0].balance).toBeInstanceOf(Blog.Decimal);
  await db.user.update({ where: { id: ann.id }, data: { score: 7 } });
  for (const name of ['template', 'sql', 'unsafe', 'typed'] as const) {
    expect(await loads(reads[name]), name).toBe(1);
  }
});

it('`$cached` does not cache SQL of unknown tables, and SQL that is volatile, locks or writes', async () => {
  const { db } = blog;
  const reason = async (work: () => PromiseLike<unknown>) => (await db.$cache.explain(work)).info.reason;
  const named = db.$cached({ models: ['User'] });

  expect(await reason(() => db.$queryRaw`SELECT 1`)).toBe('not-requested');
  expect(await reason(() => db.$cached(true).$queryRaw`SELECT oid FROM pg_class LIMIT 1`)).toBe(
    'not-analysable: unknown table pg_class',
  );
  expect(await reason(() => named.$queryRaw`SELECT id FROM users FOR UPDATE`)).toBe('locking');
  expect(await reason(() => named.$queryRaw`SELECT now() FROM users`)).toBe('volatile');
  for (const given of ['now', 'today 12:00'])
    expect(await reason(() => named.$queryRaw`SELECT ${given}::timestamptz FROM users`)).toBe('volatile');
  const { info } = await db.$cache.explain(() => named.$queryRaw`SELECT id FROM users u WHERE u.name = ${'now'}`);
  expect(info.status).toBe('miss');
  const names = () => db.user.findMany({ select: { name: true }, cache: true });
  await names();
  await named.$queryRaw`UPDATE users SET name = 'Anna' WHERE email = 'ann@example.com' RETURNING id`;
  expect((await names()).map(({ name }) => name)).toContain('Anna');
});

it('raw SQL depends on the tables that it names, declared or not', async () => {
  const { db } = blog;
  const titles = () =>
    db.$cached({ models: ['User'] }).$queryRaw`SELECT p.title FROM users u JOIN posts p ON p.author_id = u.id`;
  await titles();

  await db.post.update({ where: { slug: 'two' }, data: { title: 'Changed' } });

  expect(await titles()).toContainEqual({ title: 'Changed' });
});

it.each<[how: string, read: (cached: Db, id: number) => PromiseLike<unknown>]>([
  ['$queryRaw', (cached, id) => cached.$queryRaw`SELECT name FROM users WHERE id = ${id}`],
  ['$queryRawUnsafe', (cached, id) => cached.$queryRawUnsafe('SELECT name FROM users WHERE id = $1', id)],
  ['$queryRawTyped', (cached, id) => cached.$queryRawTyped(typedSql('SELECT name FROM users WHERE id = $1', [id]))],
])('%s needs no declared models: its tables and rows are known from its SQL', async (_how, read) => {
  const { db } = blog;
  const { ann, bob } = filled;
  const status = async (id: number) => (await db.$cache.explain(() => read(db.$cached(60), id))).info.status;
  for (const { id } of [ann, bob]) expect(await status(id)).toBe('miss');
  for (const { id } of [ann, bob]) expect(await status(id)).toBe('hit');

  await db.post.updateMany({ data: { views: 1 } });
  expect(await status(ann.id)).toBe('hit');
  const writes: readonly ((id: number) => PromiseLike<unknown>)[] = [
    (id) => db.user.update({ where: { id }, data: { name: 'B' } }),
    (id) => db.$executeRaw`UPDATE users SET name = 'C' WHERE id = ${id}`,
    (id) =>
      db.$queryRaw`UPDATE users SET name = 'D' WHERE email = ${id === ann.id ? ann.email : bob.email} RETURNING id`,
    (id) => db.$transaction((tx) => tx.$executeRaw`UPDATE users SET name = 'E' WHERE id = ${id}`),
  ];
  for (const write of writes) {
    await write(bob.id);
    expect(await status(ann.id)).toBe('hit');
    expect(await status(bob.id)).toBe('miss');
  }
  expect(await read(db.$cached(60), bob.id)).toEqual([{ name: 'E' }]);
});

it('raw SQL has the options of the model that it reads, and is cached without `$cached` in the mode `all`', async () => {
  await blog.db.$disconnect();
  blog = cachedBlog(database, { mode: 'all', models: { Tag: false } });
  const { db } = blog;
  const explain = async (work: () => PromiseLike<unknown>) => (await db.$cache.explain(work)).info;
  const orgs = () => db.$queryRaw`SELECT name FROM orgs`;

  expect(await explain(orgs)).toMatchObject({ status: 'miss' });
  expect(await explain(orgs)).toMatchObject({ status: 'hit' });
  expect(await explain(() => db.$cached(false).$queryRaw`SELECT name FROM orgs`)).toMatchObject({
    reason: 'opted-out',
  });
  expect(await explain(() => db.$queryRaw`SELECT label FROM tags`)).toMatchObject({ reason: 'model-not-cached' });
  expect(await explain(() => db.$queryRaw`SELECT title, label FROM posts, tags`)).toMatchObject({
    reason: 'not-analysable: models.Tag is false',
  });
});

it('raw SQL is distinguished by the order of the keys in its values', async () => {
  const cached = blog.db.$cached({ models: ['User'] });
  const text = async (value: Blog.InputJsonObject) => {
    const [row] = await cached.$queryRaw<{ text: string }[]>`SELECT ${value}::json::text AS text`;
    return JSON.parse(row?.text ?? '');
  };

  for (const turn of ['load', 'hit']) {
    expect(JSON.stringify(await text({ a: { x: 1, y: 2 } })), turn).toBe('{"a":{"x":1,"y":2}}');
    expect(JSON.stringify(await text({ a: { y: 2, x: 1 } })), turn).toBe('{"a":{"y":2,"x":1}}');
  }
});

it.each([
  ['$executeRaw', (db: Db) => db.$executeRaw`UPDATE users SET score = score + 1`],
  ['$executeRawUnsafe', (db: Db) => db.$executeRawUnsafe('UPDATE users SET score = score + $1', 1)],
  ['$queryRawUnsafe', (db: Db) => db.$queryRawUnsafe('UPDATE users SET score = score + 1 RETURNING id')],
  ['$queryRawTyped', (db: Db) => db.$queryRawTyped(typedSql('UPDATE users SET score = score + 1 RETURNING id', []))],
] as const)('%s invalidates the tables that it writes to', async (_name, write) => {
  const { db } = blog;
  const sum = async () => (await db.user.aggregate({ _sum: { score: true }, cache: true }))._sum.score ?? 0;
  const before = await sum();

  await write(db);

  expect(await sum()).toBeGreaterThan(before);
});

it('reads of a batch come from the database, and a batch keeps its type', async () => {
  const { db } = blog;
  const cached = db.$cached(true);

  const [users, posts] = await cached.$transaction([cached.user.findMany(), db.post.count({ cache: true })]);

  expect([users.length, posts]).toEqual([2, 3]);
  expect(db.$cache.stats().fills).toBe(0);
});

it('`$cached` keeps later extensions and their computed fields', async () => {
  const { base } = blog;
  const seen: string[] = [];
  const db = base
    .$extends(cachetastic({ trustExtensions: ['spy'] }))
    .$extends(
      Prisma.defineExtension({
        name: 'spy',
        query: {
          $allOperations({ operation, args, query }) {
            seen.push(operation);
            return query(args);
          },
        },
      }),
    )
    .$extends({ result: { user: { shout: { needs: { email: true }, compute: ({ email }) => email.toUpperCase() } } } });
  const read = () => db.$cached('1m').user.findUniqueOrThrow({ where: { email: 'bob@example.com' } });

  expect((await read()).shout).toBe('BOB@EXAMPLE.COM');
  expect((await read()).shout).toBe('BOB@EXAMPLE.COM');
  expect(seen).toEqual(['findUniqueOrThrow']);
});

it('`$cached` returns one client per set of options, and inside a transaction the client of the transaction', async () => {
  const { db } = blog;

  expect(db.$cached({ ttl: 5 })).toBe(db.$cached({ ttl: 5 }));
  expect(db.$cached({ ttl: 5 })).not.toBe(db.$cached({ ttl: 6 }));
  await db.$transaction(async (tx) => {
    expect(tx.$cached({ ttl: 5 })).toBe(tx);
  });
});

it('the argument of a call overrides the options of the client', async () => {
  const { db, loads } = blog;
  const cached = db.$cached({ ttl: 60 });
  await cached.user.count();

  expect(await loads(() => cached.user.count({ cache: false }))).toBe(1);
  expect(await loads(() => cached.$cached(false).user.count())).toBe(1);
  expect(await loads(() => cached.user.count())).toBe(0);
});

it('nested `$cached` calls keep earlier options unless a later one replaces them', async () => {
  const { db, loads } = blog;
  const tagged = db.$cached({ scope: 'a', tags: ['team'] });
  const count = () => tagged.$cached({ ttl: 60 }).user.count();
  await count();

  expect(await loads(count)).toBe(0);
  expect(await loads(() => tagged.$cached({ scope: 'b' }).user.count())).toBe(1);
  expect(await loads(() => db.$cached({ ttl: 60 }).user.count())).toBe(1);
  await db.$cache.invalidate({ tags: ['team'] });
  expect(await loads(count)).toBe(1);
});

it('32 concurrent findUnique misses are one statement, and so are 100 identical misses', async () => {
  const { db, base, loads } = blog;
  await base.tag.createMany({ data: Array.from({ length: 32 }, (_, index) => ({ label: `tag ${index}` })) });
  const tags = await base.tag.findMany();
  await db.tag.count({ cache: true });

  const unique = () => Promise.all(tags.map(({ id }) => db.tag.findUnique({ where: { id }, cache: true })));
  expect(await loads(unique)).toBe(1);
  const equal = () => Promise.all(Array.from({ length: 100 }, () => db.tag.findMany({ cache: true })));
  expect(await loads(equal)).toBe(1);
});

type Db = ReturnType<typeof cachedBlog>['db'];

/** What `prisma generate --sql` makes of a file of SQL. */
function typedSql(text: string, values: unknown[]) {
  return makeTypedQueryFactory(text)(...values);
}
