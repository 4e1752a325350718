import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';
import { startProxy, type TestDatabase } from '../support/services/index.js';
import { cachedBlog, createBlog } from './support/blog.js';

let database: TestDatabase;
let blog: ReturnType<typeof cachedBlog>;
let id: number;

beforeAll(async () => {
  database = await createBlog();
});
beforeEach(async () => {
  blog = cachedBlog(database);
  await blog.base.user.deleteMany();
  ({ id } = await blog.base.user.create({ data: { email: 'ann@example.com', name: 'before' } }));
  await name();
});
afterEach(() => blog.db.$disconnect());
afterAll(() => database?.drop());

/** The name as callers outside see it, from the cache if possible. */
async function name(): Promise<string> {
  const user = await blog.db.user.findUniqueOrThrow({ where: { id }, cache: true });
  return user.name;
}

const rename = (to: string) => ({ where: { id }, data: { name: to } });

type Db = typeof blog.db;

class Deliberate extends Error {}

it('reads in a transaction neither use nor fill the cache', async () => {
  const { db, base, loads } = blog;
  await base.user.update(rename('behind the cache'));

  await db.$transaction(async (tx) => {
    const inside = await tx.user.findUniqueOrThrow({ where: { id }, cache: true });
    expect(inside.name).toBe('behind the cache');
    expect(await tx.$cached(true).user.count()).toBe(1);
    const { info } = await db.$cache.explain(() => tx.user.findUnique({ where: { id }, cache: true }));
    expect(info).toMatchObject({ status: 'bypass', reason: 'transaction' });
  });

  expect(await name()).toBe('before');
  expect(await loads(() => db.user.count({ cache: true }))).toBe(1);
});

it('a transaction invalidates nothing before its commit, and once after it', async () => {
  const { db } = blog;
  const events: string[] = [];
  db.$cache.on(({ type }) => type === 'invalidate' && events.push(type));

  await db.$transaction(async (tx) => {
    await tx.user.update(rename('after'));
    await tx.user.update({ where: { id }, data: { score: 5 } });
    expect(await name()).toBe('before');
    expect(events).toEqual([]);
  });

  expect(events).toEqual(['invalidate']);
  expect(await name()).toBe('after');
});

it('a transaction that is rolled back invalidates nothing', async () => {
  const { db, loads } = blog;

  const rolledBack = db.$transaction(async (tx) => {
    await tx.user.update(rename('rolled back'));
    throw new Deliberate();
  });

  await expect(rolledBack).rejects.toBeInstanceOf(Deliberate);
  expect(await loads(name)).toBe(0);
  expect(await name()).toBe('before');
});

it('a result that was loaded before the commit is not served after it', async () => {
  const { db } = blog;
  await db.$cache.clear();

  await db.$transaction(async (tx) => {
    await tx.user.update(rename('after'));
    expect(await name()).toBe('before');
  });

  expect(await name()).toBe('after');
});

it('nested transactions commit with the outermost one', async () => {
  const { db } = blog;

  await db.$transaction(async (tx) => {
    await tx.$transaction(async (inner) => {
      await inner.user.update(rename('inner'));
    });
    expect(await name()).toBe('before');
    const failed = tx.$transaction(async (inner) => {
      await inner.user.update(rename('undone'));
      throw new Deliberate();
    });
    await expect(failed).rejects.toBeInstanceOf(Deliberate);
  });

  expect(await name()).toBe('inner');
});

it('a write through the outer client inside the callback counts at once, even if the transaction rolls back', async () => {
  const { db } = blog;
  const other = await db.user.create({ data: { email: 'bob@example.com', name: 'bob' } });
  const otherName = async () => (await db.user.findUniqueOrThrow({ where: { id: other.id }, cache: true })).name;
  await otherName();

  const rolledBack = db.$transaction(async (tx) => {
    await tx.user.update(rename('rolled back'));
    await db.user.update({ where: { id: other.id }, data: { name: 'robert' } });
    expect(await otherName()).toBe('robert');
    throw new Deliberate();
  });

  await expect(rolledBack).rejects.toBeInstanceOf(Deliberate);
  expect(await otherName()).toBe('robert');
  expect(await name()).toBe('before');
});

it.each([
  ['on its own client, so that the cache sees none of its writes', (client: Db, _self: Db) => client],
  ['on the client that is called', (_client: Db, self: Db) => self],
] as const)(
  'a transaction whose callback threw counts as committed if an earlier extension begins it %s, and commits it',
  async (_, on) => {
    const { base } = blog;
    const { $transaction } = base;
    const forgiving = base.$extends((client) =>
      client.$extends({
        client: {
          $transaction(work: (tx: unknown) => Promise<unknown>) {
            const began = on(client as unknown as Db, this as unknown as Db);
            return Reflect.apply($transaction, began, [(tx: unknown) => work(tx).catch(() => undefined)]);
          },
        },
      }),
    );
    const db = forgiving.$extends(cachetastic()) as unknown as Db;
    const read = async () => (await db.user.findUniqueOrThrow({ where: { id }, cache: true })).name;
    await read();

    await db.$transaction(async (tx) => {
      await tx.user.update(rename('committed all the same'));
      throw new Deliberate();
    });

    expect(await read()).toBe('committed all the same');
  },
);

it('a transaction that timed out counts as committed, because its outcome is unknown', async () => {
  const { db, loads } = blog;

  const late = db.$transaction(
    async (tx) => {
      await tx.user.update(rename('late'));
      await new Promise((resolve) => setTimeout(resolve, 150));
    },
    { timeout: 50 },
  );

  await expect(late).rejects.toMatchObject({ code: 'P2028' });
  expect(await loads(name)).toBe(1);
  expect(await name()).toBe('before');
});

it('a commit whose connection dies counts as a commit', async () => {
  const target = new URL(database.url);
  const proxy = await startProxy({ host: target.hostname, port: Number(target.port) });
  const cut = cachedBlog({ ...database, url: proxy.url(database.url) });
  const read = () => cut.db.user.findUniqueOrThrow({ where: { id }, cache: true });
  await read();

  const lost = cut.db.$transaction(async (tx) => {
    await tx.user.update(rename('lost'));
    proxy.cut();
  });

  await expect(lost).rejects.toThrow();
  proxy.restore();
  expect((await cut.db.$cache.explain(read)).info.status).toBe('miss');
  await cut.db.$disconnect();
  await proxy.close();
});

it('a batch invalidates after its commit, and its reads neither use nor fill the cache', async () => {
  const { db } = blog;

  const [, inside] = await db.$transaction([
    db.user.update(rename('batch')),
    db.user.findUniqueOrThrow({ where: { id }, cache: true }),
  ]);

  expect(inside.name).toBe('batch');
  expect(await name()).toBe('batch');
});

it('a batch that fails half way leaves none of its results in the cache', async () => {
  const { db } = blog;

  const failing = db.$transaction([
    db.user.update(rename('half way')),
    db.user.findUniqueOrThrow({ where: { id }, cache: true }),
    db.user.create({ data: { email: 'ann@example.com', name: 'twice' } }),
  ]);

  await expect(failing).rejects.toMatchObject({ code: 'P2002' });
  expect(await name()).toBe('before');
});

it('a write that was refused invalidates nothing', async () => {
  const { db, loads } = blog;

  await expect(db.user.update({ where: { id: -1 }, data: { name: 'x' } })).rejects.toMatchObject({ code: 'P2025' });
  await expect(db.user.create({ data: { email: 'ann@example.com', name: 'x' } })).rejects.toMatchObject({
    code: 'P2002',
  });

  expect(await loads(name)).toBe(0);
});

it('a nested write that was refused half way is invalidated if its transaction continues', async () => {
  const { db } = blog;
  expect(await name()).toBe('before');

  await db.$transaction(async (tx) => {
    const refused = tx.user.update({ where: { id }, data: { name: 'kept', posts: { connect: { id: -1 } } } });
    await expect(refused).rejects.toMatchObject({ code: 'P2018' });
  });

  expect(await name()).toBe('kept');
});

it('a transaction may be the first call of a client, on a single connection', async () => {
  const adapter = new PrismaPg({ connectionString: database.url, max: 1 });
  const db = new PrismaClient({ adapter }).$extends(cachetastic());

  await db.$transaction(async (tx) => {
    await tx.user.update(rename('single'));
    await tx.user.count({ cache: true });
  });

  expect((await db.user.findUniqueOrThrow({ where: { id }, cache: true })).name).toBe('single');
  await db.$disconnect();
});
