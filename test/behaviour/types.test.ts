import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOne } from '../support/ask.js';
import { type Blog, createBlogDatabase, openBlog, openPlain } from '../support/blog.js';
import { prismaVersion } from '../support/prisma-versions.js';
import { scramble } from '../support/scramble.js';
import { SecondProcess } from '../support/second-process/index.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { EVERYTHING_ROWS } from './catalogue/everything.js';
import { SEED } from './catalogue/seed.js';
import { TYPE_READS } from './catalogue/type-reads.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(SEED);
  await database.execute(EVERYTHING_ROWS);
});

afterAll(() => database.drop());

describe.each([7, 6] as const)('Prisma %i', (major) => {
  let plain: ReturnType<typeof openPlain>;
  let first: Blog;
  let second: Blog;
  let there: SecondProcess;

  beforeAll(async () => {
    const redis = { url: await sharedRedis(), deadline: '5s' } as const;
    const options = { redis, namespace: uniqueNamespace() };
    const settings = { prisma: await prismaVersion(major) };
    plain = openPlain(database.url, settings);
    first = openBlog(database.url, options, settings);
    second = openBlog(database.url, options, settings);
    there = await SecondProcess.start({ databaseUrl: database.url, options, prisma: major });
  });

  afterAll(async () => {
    await there.close();
    for (const { close } of [first, second, plain]) await close();
  });

  it.each(TYPE_READS.map((read) => [read.name, read] as const))(
    '%s has the same values and classes from the database, both tiers and another process',
    async (name, read) => {
      const text = plain.textOf(await read.ask(plain.client));

      const loaded = await askOne(first, read, scramble);
      const fromMemory = [];
      for (let hit = 0; hit < 10; hit++) fromMemory.push(await askOne(first, read, scramble));
      await first.db.$cache.idle();
      const fromRedis = await askOne(second, read, scramble);
      const fromMemoryAgain = await askOne(second, read);
      const [elsewhere] = await there.call('ask', { names: [name] });

      expect(loaded).toMatchObject({ status: 'miss', source: 'origin', text });
      for (const hit of fromMemory) expect(hit).toMatchObject({ status: 'hit', source: 'memory', text });
      expect(fromRedis).toMatchObject({ status: 'hit', source: 'redis', text });
      expect(fromMemoryAgain).toMatchObject({ status: 'hit', source: 'memory', text });
      expect(elsewhere).toMatchObject({ status: 'hit', source: 'redis', text });
    },
  );

  it('the strings that these tests compare show values and classes', async () => {
    const text = plain.textOf(await plain.client.everything.findMany({ orderBy: { id: 'asc' } }));

    for (const part of [
      'Decimal(12345678901234567890.0123456789)',
      '9007199254740993n',
      'Date(1709202896789)',
      'Uint8Array(00ff10)',
      '"__proto__": {"polluted": true}',
      '"float": -0',
      'Array[]',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('callers that share one load each get their own result', async () => {
    const ask = () => first.db.everything.findMany({ where: { id: { gt: 0 } }, orderBy: { id: 'asc' }, cache: 60 });
    const text = first.textOf(await plain.client.everything.findMany({ orderBy: { id: 'asc' } }));

    const answers = await Promise.all(Array.from({ length: 5 }, ask));

    for (const answer of answers) {
      expect(first.textOf(answer)).toBe(text);
      scramble(answer);
    }
    expect(first.textOf(await ask())).toBe(text);
  });

  it('computed fields are correct over ten hits, whatever their callers change', async () => {
    const db = second.db.$extends({
      name: 'headlines',
      result: {
        post: { headline: { needs: { title: true }, compute: ({ title }) => title.toUpperCase() } },
        user: { debt: { needs: { balance: true }, compute: ({ balance }) => balance.negated() } },
      },
    });
    const ask = () =>
      db.user.findMany({
        where: { posts: { some: {} } },
        include: { posts: { orderBy: { id: 'asc' } }, profile: true },
        orderBy: { id: 'asc' },
        cache: 60,
      });
    const text = (users: Awaited<ReturnType<typeof ask>>): string =>
      users
        .map(({ debt, posts }) => [second.textOf(debt), ...posts.map(({ headline }) => headline)].join(' '))
        .join('; ');
    const computed = text(await ask());

    for (let hit = 0; hit < 10; hit++) {
      const { data, info } = await db.$cache.explain(ask);
      expect(info.status).toBe('hit');
      expect(text(data)).toBe(computed);
      scramble(data);
    }
    expect(computed).toBe(
      'Decimal(-10.5) ONE TWO; Decimal(-20.25) THREE; Decimal(-30.125) FOUR FIVE; Decimal(-99.9999) SIX',
    );
  });
});
