import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askAll } from '../support/ask.js';
import { type Blog, createBlogDatabase, openBlog, openPlain, Prisma, type PrismaClient } from '../support/blog.js';
import { SecondProcess } from '../support/second-process/index.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { EVERYTHING_ROWS } from './catalogue/everything.js';
import { READS } from './catalogue/reads.js';
import { SEED } from './catalogue/seed.js';

let database: TestDatabase;
let options: { readonly redis: { readonly url: string; readonly deadline: '5s' }; readonly namespace: string };
let blog: Blog;
let plain: ReturnType<typeof openPlain>;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(SEED);
  await database.execute(EVERYTHING_ROWS);
  options = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() };
  blog = openBlog(database.url, options);
  plain = openPlain(database.url);
});

afterAll(async () => {
  await blog.close();
  await plain.close();
  await database.drop();
});

beforeEach(() => blog.db.$cache.clear());

type Ask = (db: PrismaClient) => PromiseLike<unknown>;

/** Asks each question twice, through one cache, and the database once. All must agree. */
async function agree(questions: readonly Ask[]): Promise<{ keys: number; answers: number }> {
  const texts: string[] = [];
  const keys = new Set<string | undefined>();
  for (const turn of ['load', 'hit']) {
    for (const [at, ask] of questions.entries()) {
      const cached = blog.anyDb.$cached({ ttl: 60, models: ['User'] });
      const { data, info } = await blog.db.$cache.explain(() => ask(cached));
      texts[at] ??= blog.textOf(await ask(plain.client));
      expect(blog.textOf(data)).toBe(texts[at]);
      if (turn === 'hit') expect(info).toMatchObject({ status: 'hit' });
      keys.add(info.key);
    }
  }
  return { keys: keys.size, answers: new Set(texts).size };
}

describe('different queries have different keys', () => {
  it('if they differ in JsonNull, DbNull or AnyNull', async () => {
    const by = (equals: typeof Prisma.JsonNull | typeof Prisma.DbNull | typeof Prisma.AnyNull): Ask => {
      return (db) => db.everything.findMany({ where: { jsonN: { equals } }, orderBy: { id: 'asc' } });
    };

    const found = await agree([by(Prisma.JsonNull), by(Prisma.DbNull), by(Prisma.AnyNull)]);

    expect(found).toEqual({ keys: 3, answers: 3 });
  });

  it('if one is a fluent call and the other the equal select', async () => {
    const found = await agree([
      (db) => db.user.findUnique({ where: { id: 1 } }).posts(),
      (db) => db.user.findUnique({ where: { id: 1 }, select: { posts: true } }),
      (db) => db.user.findUnique({ where: { id: 1 }, include: { posts: true } }),
    ]);

    expect(found).toEqual({ keys: 3, answers: 3 });
  });

  it('if they differ in 1, 1n and the string "1", or in 0 and -0', async () => {
    const raw = (value: unknown): Ask => {
      return (db) => db.$queryRawUnsafe('SELECT $1::text AS value FROM users WHERE id = 1', value);
    };

    const found = await agree([raw(1n), raw('1'), raw('1n'), raw(1.5), raw('1.5'), raw(true), raw('true'), raw(null)]);

    expect(found.keys).toBe(8);
    expect(
      (
        await agree([
          (db) => db.everything.findMany({ where: { float: 0 } }),
          (db) => db.everything.findMany({ where: { float: -0 } }),
        ])
      ).answers,
    ).toBe(1);
    const bigints = await agree([
      (db) => db.everything.findMany({ where: { bigint: 1 } }),
      (db) => db.everything.findMany({ where: { bigint: 1n } }),
      (db) => db.everything.findMany({ where: { text: '1' } }),
      (db) => db.everything.findMany({ where: { decimal: 1 } }),
      (db) => db.everything.findMany({ where: { decimal: new Prisma.Decimal('1.0') } }),
      (db) => db.everything.findMany({ where: { decimal: '1' } }),
    ]);
    expect(bigints.answers).toBe(3);
  });

  it('if they differ in the operation or the model', async () => {
    const where = { id: 1 };
    const found = await agree([
      (db) => db.user.findUnique({ where }),
      (db) => db.user.findFirst({ where }),
      (db) => db.user.findMany({ where }),
      (db) => db.user.count({ where }),
      (db) => db.post.findUnique({ where }),
      (db) => db.comment.findUnique({ where }),
    ]);

    expect(found.keys).toBe(6);
  });

  it('if their strings look like the encoding of keys and entries', async () => {
    const names = [
      '',
      '\u0000',
      '"',
      '\\',
      '","id":1',
      '{"$date":0}',
      '["decimal","1"]',
      '___bi_1',
      'decimal:1',
      '1n',
      'undefined',
      '{}',
      ':',
      '\ud83d\ude00',
      '\ud83d',
      'e\u0301',
      '\u00e9',
      '__proto__',
      'constructor',
      'null',
      'true',
    ].filter((name) => !name.includes('\u0000') && name !== '\ud83d');
    const found = await agree(
      names.map(
        (name): Ask =>
          (db) =>
            db.user.count({ where: { NOT: { name } } }),
      ),
    );

    expect(found.keys).toBe(names.length);
  });

  it('if their objects have the property names of prototypes', async () => {
    const json = (text: string): Prisma.InputJsonValue => JSON.parse(text) as Prisma.InputJsonValue;
    const texts = [
      '{"__proto__": 1}',
      '{"__proto__": 2}',
      '{}',
      '{"constructor": 1}',
      '{"toJSON": 1}',
      '{"a": [1]}',
      '{"a": {"0": 1}}',
    ];
    const found = await agree(
      texts.map(
        (text): Ask =>
          (db) =>
            db.everything.count({ where: { json: { equals: json(text) } } }),
      ),
    );

    expect(found.keys).toBe(texts.length);
    expect(Reflect.get({}, '1')).toBeUndefined();
  });

  it('if their lists of 100 kB differ only in the last element', async () => {
    const names = Array.from({ length: 5_000 }, (_, n) => `a name that nobody has, ${n}`);
    const found = await agree(
      ['Ada', 'Ben', 'Nobody'].map((last): Ask => {
        return (db) => db.user.findMany({ where: { name: { in: [...names, last] } }, orderBy: { id: 'asc' } });
      }),
    );

    expect(found).toEqual({ keys: 3, answers: 3 });
  });
});

it('the same query has one key, whatever the order of its properties and whatever is undefined', async () => {
  // Prisma's types allow it unless a project is as strict as this one.
  const absent: object = { email: undefined };
  const found = await agree([
    (db) => db.user.findMany({ where: { name: 'Ada', score: 10 }, orderBy: { id: 'asc' }, take: 5 }),
    (db) => db.user.findMany({ take: 5, orderBy: { id: 'asc' }, where: { score: 10, name: 'Ada', ...absent } }),
  ]);

  expect(found).toEqual({ keys: 1, answers: 1 });
});

it('the same query has the same key in two processes', async () => {
  const there = await SecondProcess.start({ databaseUrl: database.url, options });

  const mine = (await askAll(blog, READS)).map(({ key }) => key);
  const theirs = (await there.call('ask', {})).map(({ key }) => key);
  await there.close();

  expect(theirs).toEqual(mine);
  expect(new Set(mine).size).toBe(READS.length);
});

it('clients that share a namespace but differ in their global omit share no result', async () => {
  const open = { ...openBlog(database.url, options) };
  const discreet = openBlog(database.url, options, { omit: { user: { email: true } } });
  const ask = ({ anyDb }: Blog) =>
    anyDb.$cached(60).user.findMany({ where: { id: { lte: 2 } }, orderBy: { id: 'asc' } });

  const answers = [await ask(open), await ask(discreet), await ask(open), await ask(discreet)];

  expect(answers.map((rows) => rows.some((row) => 'email' in row))).toEqual([true, false, true, false]);
  await open.close();
  await discreet.close();
});

it('two databases in one namespace share no result, and do not invalidate each other', async () => {
  const other = await createBlogDatabase();
  await other.execute("INSERT INTO users (email, name) VALUES ('o@x.org', 'Olga')");
  const stranger = openBlog(other.url, options);
  const ask = ({ db }: Blog) => db.user.findMany({ where: { id: 1 }, select: { name: true }, cache: 60 });

  const answers = [await ask(blog), await ask(stranger), await ask(blog), await ask(stranger)];
  await stranger.db.user.update({ where: { id: 1 }, data: { name: 'Olaf' } });

  expect(answers.map(([row]) => row?.name)).toEqual(['Ada', 'Olga', 'Ada', 'Olga']);
  expect(await ask(stranger)).toEqual([{ name: 'Olaf' }]);
  expect((await blog.db.$cache.explain(() => ask(blog))).info.status).toBe('hit');
  await stranger.close();
  await other.drop();
});

it('two schemas of one database in one namespace share no result', async () => {
  await database.execute(`
    CREATE SCHEMA tenant;
    CREATE TYPE tenant.role AS ENUM ('ADMIN', 'MEMBER', 'guest');
    CREATE TABLE tenant.users (LIKE public.users INCLUDING ALL);
    INSERT INTO tenant.users (id, email, name) VALUES (1, 't@x.org', 'Tess');
  `);
  const tenant = openBlog(database.url, options, { schema: 'tenant' });
  const ask = ({ db }: Blog) => db.user.findMany({ where: { id: 1 }, select: { name: true }, cache: 60 });

  const answers = [await ask(blog), await ask(tenant), await ask(blog), await ask(tenant)];

  expect(answers.map(([row]) => row?.name)).toEqual(['Ada', 'Tess', 'Ada', 'Tess']);
  await tenant.close();
});
