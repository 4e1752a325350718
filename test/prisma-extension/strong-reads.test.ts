import { InvalidOptionError } from '@cachetastic/core';
import { cachetastic } from '@cachetastic/prisma-extension';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Blog, createBlogDatabase, openBlog, openPlain } from '../support/blog.js';
import { held } from '../support/held.js';
import { sharedRedis, type TestDatabase, uniqueNamespace, waitUntil } from '../support/services/index.js';

const intents = { lease: '200ms', fence: '400ms' } as const;
let database: TestDatabase;
let writer: Blog;
let reader: Blog;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(`INSERT INTO users (id, email, name) VALUES (1, 'ann@example.com', 'Ann')`);
  const options = {
    redis: { url: await sharedRedis(), deadline: '5s' },
    namespace: uniqueNamespace(),
    intents,
  } as const;
  writer = openBlog(database.url, options);
  reader = openBlog(database.url, options);
  // A process that comes to a log waits until writes announced to an earlier one can no longer commit.
  await waitUntil('a hit', async () => expect((await ask(reader)).status).toBe('hit'));
});

afterAll(async () => {
  await writer.close();
  await reader.close();
  await database.drop();
});

const strong = { ttl: '10m', consistency: 'strong' } as const;
const rename = (name: string) => ({ where: { id: 1 }, data: { name } });

async function ask({ db }: Blog) {
  const { data, info } = await db.$cache.explain(() => db.user.findUnique({ where: { id: 1 }, cache: strong }));
  return { name: data?.name, status: info?.status, reason: info?.reason };
}

it('a strong read sees every write that was acknowledged anywhere', async () => {
  for (let turn = 0; turn < 50; turn++) {
    await writer.db.user.update(rename(`turn ${turn}`));
    expect((await ask(reader)).name).toBe(`turn ${turn}`);
  }
});

it('a strong read is a hit if nothing was written', async () => {
  await ask(reader);

  expect(await ask(reader)).toMatchObject({ status: 'hit' });
});

it('a transaction is announced before its commit, and a rollback leaves the cache unchanged', async () => {
  await ask(reader);
  await writer.db.$transaction(async (tx) => {
    await tx.user.update(rename('committed'));
    // Nothing is announced while it may still take long.
    expect(await ask(reader)).toMatchObject({ status: 'hit' });
  });
  expect((await ask(reader)).name).toBe('committed');

  const failing = writer.db.$transaction(async (tx) => {
    await tx.user.update(rename('rolled back'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await ask(reader)).toMatchObject({ name: 'committed', status: 'hit' });
});

it('a batch is announced, and a strong read after it sees its writes', async () => {
  await writer.db.$transaction([writer.db.user.update(rename('batch'))]);

  expect((await ask(reader)).name).toBe('batch');
});

it('a strong read goes to the database while a write is under way', async () => {
  await ask(reader);
  const plain = openPlain(database.url);
  const locked = held<void>();
  const done = held<void>();
  const holding = plain.client.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM users WHERE id = 1 FOR UPDATE`;
    locked.release();
    await done.promise;
  });
  await locked.promise;
  // Prisma begins when a caller awaits.
  const writing = writer.db.user.update(rename('waits')).then(({ name }) => name);
  await waitUntil('the announcement', async () => expect((await ask(reader)).reason).toBe('write-under-way'));

  done.release();
  await holding;
  await writing;
  expect((await ask(reader)).name).toBe('waits');
  await plain.close();
});

describe('without intents', () => {
  it('a strong read is refused, and the error names the missing option', async () => {
    const blog = openBlog(database.url);

    const read = async () => blog.db.user.findUnique({ where: { id: 1 }, cache: strong });

    await expect(read()).rejects.toThrow(InvalidOptionError);
    await expect(read()).rejects.toThrow("`consistency: 'strong'` requires the option `intents`");
    await blog.close();
  });

  it.each([
    [{ consistency: 'eventual' }, "`consistency`: expected 'bounded' or 'strong'"],
    [{ models: { User: { consistency: 1 } } }, "`models.User.consistency`: expected 'bounded' or 'strong'"],
    [{ intents: { lease: '1m' } }, '`intents.fence`'],
    [{ onUnconfirmed: 'wait' }, "`onUnconfirmed`: expected 'bypass' or 'serve'"],
    [{ maxStale: -1 }, '`maxStale`'],
  ])('%j is refused', (options, message) => {
    expect(() => cachetastic(options as never)).toThrow(message);
  });
});

it('a write that cannot be announced is not sent', async () => {
  const blog = openBlog(database.url, { redis: 'redis://127.0.0.1:1', intents, namespace: uniqueNamespace() });

  await expect(blog.db.user.update(rename('never'))).rejects.toMatchObject({ code: 'ERR_WRITE_NOT_ANNOUNCED' });
  const transaction = blog.db.$transaction((tx) => tx.user.update(rename('never')));
  await expect(transaction).rejects.toMatchObject({ code: 'ERR_WRITE_NOT_ANNOUNCED' });

  expect((await blog.db.user.findUnique({ where: { id: 1 } }))?.name).not.toBe('never');
  await blog.close();
});
