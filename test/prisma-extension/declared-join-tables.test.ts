import { cachetastic } from '@cachetastic/prisma-extension';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AnyBlogDb, BLOG_TABLES, type Blog, openBlog, openPlain, type PrismaClient } from '../support/blog.js';
import { createDatabase, type TestDatabase } from '../support/services/index.js';
import { fillBlog } from './support/blog.js';

/** How many tags the posts of an author have: what the view reads is the join table. */
const VIEW = `
  DROP VIEW post_stats;
  CREATE VIEW post_stats AS
    SELECT u.id AS author_id, (
      SELECT count(*)::integer FROM posts p JOIN "_PostToTag" link ON link."A" = p.id WHERE p.author_id = u.id
    ) AS posts FROM users u;
`;

let database: TestDatabase;
let plain: ReturnType<typeof openPlain>;
let blog: Blog;

beforeAll(async () => {
  database = await createDatabase(BLOG_TABLES + VIEW);
  plain = openPlain(database.url);
});
beforeEach(async () => {
  await database.execute('TRUNCATE orgs, users, posts, comments, tags RESTART IDENTITY CASCADE');
  await fillBlog(plain.client);
});
afterEach(() => blog.close());
afterAll(async () => {
  await plain?.close();
  await database?.drop();
});

const one = { slug: 'one' };
const news = { label: 'news' };

/** Each write changes the join table; most of them change nothing else. */
const WRITES: Readonly<Record<string, (db: AnyBlogDb) => PromiseLike<unknown>>> = {
  disconnect: (db) => db.post.update({ where: one, data: { tags: { disconnect: news } } }),
  connect: (db) => db.post.update({ where: one, data: { tags: { connect: news } } }),
  'set to nothing': (db) => db.post.update({ where: one, data: { tags: { set: [] } } }),
  'set from the other end': (db) => db.tag.update({ where: news, data: { posts: { set: [one] } } }),
  'disconnect two relations away': (db) =>
    db.user.update({
      where: { email: 'ann@example.com' },
      data: { posts: { update: { where: one, data: { tags: { disconnect: news } } } } },
    }),
  'connectOrCreate of a row that exists': (db) =>
    db.post.update({ where: one, data: { tags: { connectOrCreate: { where: news, create: news } } } }),
  'raw delete': (db) => db.$executeRaw`DELETE FROM "_PostToTag"`,
  'raw insert': (db) =>
    db.$executeRaw`INSERT INTO "_PostToTag" SELECT posts.id, tags.id FROM posts, tags WHERE slug = 'one'`,
  'raw delete that returns': (db) => db.$queryRaw`DELETE FROM "_PostToTag" RETURNING "A"`,
  'connect in a transaction': (db) =>
    db.$transaction((tx) => tx.post.update({ where: one, data: { tags: { connect: news } } })),
};

/** Each way to read the view, and the models that raw SQL declares. */
const READS: Readonly<Record<string, { ask: (db: PrismaClient) => PromiseLike<unknown>; models?: string[] }>> = {
  findUnique: { ask: (db) => db.postStats.findUnique({ where: { authorId: 1 } }) },
  findMany: { ask: (db) => db.postStats.findMany({ orderBy: { authorId: 'asc' } }) },
  aggregate: { ask: (db) => db.postStats.aggregate({ _sum: { posts: true } }) },
  'raw SQL that declares the view': {
    models: ['PostStats'],
    ask: (db) => db.$queryRaw`SELECT posts FROM post_stats WHERE author_id = 1`,
  },
  'raw SQL that declares another model': {
    models: ['Org'],
    ask: (db) => db.$queryRaw`SELECT sum(posts) AS sum FROM post_stats`,
  },
};

function open(options: Parameters<typeof openBlog>[1]) {
  blog = openBlog(database.url, options);
  const { anyDb, textOf } = blog;
  const read = (name: string) => {
    const { ask, models } = READS[name] ?? expect.unreachable();
    return anyDb.$cache.explain(() => ask(anyDb.$cached({ ttl: 300, ...(models && { models }) })));
  };
  return { db: anyDb, textOf, read };
}

describe.each([
  ['the models at both ends', ['User', 'Post', 'Tag']],
  ['the model at one end', ['User', 'Post']],
  ['the model at the other end', ['Tag', 'User']],
  ['the join table', ['User', '_PostToTag']],
])('a view that depends on %s', (_, dependsOn) => {
  it('is correct after every write to the join table, in every kind of read', async () => {
    const { db, textOf, read } = open({ models: { PostStats: { dependsOn } } });
    for (const name of Object.keys(READS)) await read(name);

    for (const [written, write] of Object.entries(WRITES)) {
      await write(db);
      for (const [name, { ask }] of Object.entries(READS)) {
        expect(textOf((await read(name)).data), `${name} after ${written}`).toBe(textOf(await ask(plain.client)));
        expect((await read(name)).info.status, `${name} is cached`).toBe('hit');
      }
    }
  });
});

it('each of these writes changes the result of the view', async () => {
  const { db, textOf } = open({});
  const sum = async () => textOf(await plain.client.postStats.aggregate({ _sum: { posts: true } }));
  for (const [written, write] of Object.entries(WRITES)) {
    const before = await sum();
    await write(db);
    expect(await sum(), written).not.toBe(before);
  }
});

it('a view does not depend on a join table if it names none of its models', async () => {
  const { db, read } = open({ models: { PostStats: { dependsOn: ['Org'] } } });
  await read('findMany');

  await db.post.update({ where: one, data: { tags: { disconnect: news } } });

  expect((await read('findMany')).info.status).toBe('hit');
});

it('triggers may change a join table, and may belong to one', async () => {
  const links = () => blog.db.post.findUnique({ where: one, include: { tags: true }, cache: 300 });
  const orgs = () => blog.db.org.count({ cache: 300 });
  const status = async (read: () => PromiseLike<unknown>) => (await blog.anyDb.$cache.explain(read)).info.status;
  const { db } = open({ models: { Org: { triggers: ['_PostToTag'] }, _PostToTag: { triggers: ['Org'] } } });

  for (const read of [links, orgs]) await read();
  await db.org.create({ data: { name: 'A trigger links' } });
  expect(await status(links)).toBe('miss');

  for (const read of [links, orgs]) await read();
  await db.post.update({ where: one, data: { tags: { set: [] } } });
  expect(await status(orgs)).toBe('miss');

  for (const read of [links, orgs]) await read();
  await db.$executeRaw`DELETE FROM "_PostToTag"`;
  expect(await status(orgs)).toBe('miss');
});

it.each([['PostStats'], ['Post'], ['_PostToTag']])(
  'an explicit invalidation of %s reaches the view that depends on it',
  async (name) => {
    const { db, read } = open({ models: { PostStats: { dependsOn: ['User', 'Post'] } } });
    for (const known of Object.keys(READS)) await read(known);

    await db.$cache.invalidate({ models: [name] });

    for (const known of Object.keys(READS)) expect((await read(known)).info.status, known).toBe('miss');
  },
);

it('raw SQL that names a join table depends on it without a declaration', async () => {
  const { db } = open({});
  const labels = () =>
    db.$cache.explain(
      () =>
        db.$cached(300)
          .$queryRaw`SELECT t.label FROM tags t JOIN "_PostToTag" link ON link."B" = t.id ORDER BY link."A"`,
    );
  await labels();
  expect((await labels()).info.status).toBe('hit');
  await db.post.update({ where: one, data: { tags: { set: [] } } });
  const { data, info } = await labels();
  expect([data, info.status]).toEqual([[], 'miss']);
});

it('raw SQL may declare a join table', async () => {
  const { db } = open({});
  const links = () =>
    db.$cache.explain(() => db.$cached({ ttl: 300, models: ['_PostToTag'] }).$queryRaw`SELECT count(*) AS n FROM tags`);
  await links();
  expect((await links()).info.status).toBe('hit');
  await db.post.update({ where: one, data: { tags: { set: [] } } });
  expect((await links()).info.status).toBe('miss');
});

it('names of neither models nor join tables are refused, and the error lists those that exist', async () => {
  blog = openBlog(database.url);
  const extend = (models: object) => () => plain.client.$extends(cachetastic({ models: { ...models } }));

  for (const models of [{ PostStats: { dependsOn: ['_TagToPost'] } }, { User: { triggers: ['_TagToPost'] } }]) {
    expect(extend(models)).toThrow(/User.*, or a join table \(_PostToTag\)/);
  }
  expect(extend({ _PostToTag: { ttl: 5 } })).toThrow(/models\._PostToTag\.ttl/);
  expect(extend({ _PostToTag: false })).toThrow(/models\._PostToTag/);
});
