import type { CacheEvent } from '@cachetastic/core';
import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';
import type { TestDatabase } from '../support/services/index.js';
import { cachedBlog, connect, counter, createBlog, sharedCache } from './support/blog.js';

let database: TestDatabase;
const open: { $disconnect(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createBlog();
});
beforeEach(() => database.execute('TRUNCATE tags, orgs CASCADE'));
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const client of open.splice(0)) await client.$disconnect();
});
afterAll(() => database?.drop());

function setup(options: CachetasticOptions = {}) {
  const blog = cachedBlog(database, options);
  open.push(blog.db);
  return blog;
}

/** A role that may not ask who the database is, until it is let. */
async function withoutIdentity(options: CachetasticOptions = {}) {
  await database.execute(`
    REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC;
    DROP ROLE IF EXISTS ${database.name}_app;
    CREATE ROLE ${database.name}_app LOGIN PASSWORD 'app';
    GRANT ALL ON ALL TABLES IN SCHEMA public TO ${database.name}_app;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${database.name}_app;
  `);
  const url = new URL(database.url);
  url.username = `${database.name}_app`;
  url.password = 'app';
  const events: CacheEvent[] = [];
  const blog = cachedBlog({ ...database, url: url.href }, { ...options, onEvent: (event) => events.push(event) });
  const allow = () => database.execute('GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC');
  const close = async () => {
    await blog.db.$disconnect();
    await allow();
    await database.execute(`DROP OWNED BY ${database.name}_app; DROP ROLE ${database.name}_app`);
  };
  return { ...blog, events, allow, close };
}

it('the identity of the database is queried once', async () => {
  const { db, statements } = setup();

  await Promise.all([db.tag.count({ cache: true }), db.org.count({ cache: true })]);
  await db.tag.create({ data: { label: 'a' } });

  expect(statements.filter((sql) => sql.includes('system_identifier'))).toHaveLength(1);
});

it('the identity of the database is not queried if the option `database` names it', async () => {
  const { db, statements } = setup({ database: 'blog' });
  const { balance } = (await db.user.aggregate({ _sum: { balance: true }, cache: true }))._sum;
  const hit = await db.$cache.explain(() => db.user.aggregate({ _sum: { balance: true }, cache: true }));

  expect(balance).toBeNull();
  expect(hit.info.status).toBe('hit');
  expect(statements.filter((sql) => sql.includes('system_identifier'))).toEqual([]);
});

it.each([{}, { database: 'blog' }])(
  'clients for which the database has different results share none, with %j',
  async (given) => {
    const options = { ...(await sharedCache()), ...given };
    const role = `${database.name}_other`;
    await database.execute(`
    CREATE ROLE ${role} LOGIN PASSWORD 'app';
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT EXECUTE ON FUNCTION pg_control_system() TO ${role};
    ALTER TABLE orgs ENABLE ROW LEVEL SECURITY;
    INSERT INTO orgs (name) VALUES ('hidden');
  `);
    const inZone = (zone: string): URL => {
      const url = new URL(database.url);
      url.searchParams.set('options', `-c timezone=${zone}`);
      return url;
    };
    const asOther = inZone('UTC');
    asOther.username = role;
    asOther.password = 'app';
    const clients = [inZone('UTC'), asOther, inZone('Asia/Tokyo')].map(({ href }) =>
      cachedBlog({ ...database, url: href }, options),
    );
    open.push(...clients.map(({ db }) => db));

    const answers = [];
    for (const { db } of clients) {
      const [midnight] = await db.$cached({ models: ['Org'] }).$queryRaw<
        unknown[]
      >`SELECT '2024-01-01 00:00+00'::timestamptz::text AS midnight FROM (VALUES (1)) AS one`;
      answers.push([await db.org.count({ cache: true }), midnight]);
      await db.$cache.idle();
    }

    expect(answers).toEqual([
      [1, { midnight: '2024-01-01 00:00:00+00' }],
      [0, { midnight: '2024-01-01 00:00:00+00' }],
      [1, { midnight: '2024-01-01 09:00:00+09' }],
    ]);
    for (const { db } of clients) await db.$disconnect();
    await database.execute(`DROP OWNED BY ${role}; DROP ROLE ${role}; ALTER TABLE orgs DISABLE ROW LEVEL SECURITY`);
  },
);

it('while the database cannot be identified, reads go to it, and writes invalidate once it can be', async () => {
  const options = await sharedCache();
  const other = setup(options);
  const otherCount = () => other.db.tag.count({ cache: true });
  await otherCount();
  const { db, events, allow, close } = await withoutIdentity(options);
  const read = () => db.tag.count({ cache: true });

  expect(await read()).toBe(0);
  expect((await db.$cache.explain(read)).info).toMatchObject({ status: 'bypass', reason: 'database-not-identified' });
  expect(events).toContainEqual(expect.objectContaining({ type: 'tier-failed', tier: 'database' }));
  await db.tag.create({ data: { label: 'a' } });
  await db.$transaction((tx) => tx.tag.create({ data: { label: 'b' } }));
  await expect(db.$cache.clear()).rejects.toMatchObject({ code: 'ERR_INVALIDATION_LOST' });
  expect(await otherCount()).toBe(0);

  await allow();
  await vi.waitFor(async () => expect((await db.$cache.explain(read)).info.status).not.toBe('bypass'), {
    timeout: 5_000,
  });
  await vi.waitFor(async () => expect(await otherCount()).toBe(2), { timeout: 5_000 });
  await close();
});

it('with CACHETASTIC_DISABLED, reads go to the database, and writes still invalidate in other processes', async () => {
  const options = await sharedCache();
  const cached = setup(options);
  const count = () => cached.db.tag.count({ cache: true });
  await count();
  vi.stubEnv('CACHETASTIC_DISABLED', '1');
  const { db, loads } = setup(options);

  const read = () => db.tag.count({ cache: true });
  expect([await loads(read), await loads(read)]).toEqual([1, 1]);
  expect((await db.$cache.explain(read)).info.reason).toBe('disabled');
  await db.tag.create({ data: { label: 'a' } });
  await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 5_000 });
});

it('a closed cache opens again', async () => {
  const { db, loads } = setup();
  const read = () => db.tag.count({ cache: true });
  await read();
  expect(db.$cache.stats().fills).toBe(1);

  await db.$cache.close();
  expect(db.$cache.stats()).toMatchObject({ fills: 1, memory: { entries: 0 }, log: { confirmed: false } });
  await read();
  expect(await loads(read)).toBe(0);
  expect(db.$cache.stats().fills).toBe(2);

  await db.$disconnect();
  expect(db.$cache.stats()).toMatchObject({ fills: 2, hits: { memory: 1 } });
  await read();
  expect(await loads(read)).toBe(0);
});

it('schemas of one database share no results', async () => {
  await database.execute(
    'CREATE SCHEMA IF NOT EXISTS tenant; CREATE TABLE IF NOT EXISTS tenant.tags (LIKE public.tags)',
  );
  const options = await sharedCache();
  const { db } = setup(options);
  const adapter = new PrismaPg({ connectionString: database.url }, { schema: 'tenant' });
  const tenant = new PrismaClient({ adapter }).$extends(cachetastic(options));
  open.push(tenant);
  await db.tag.create({ data: { label: 'public' } });

  expect(await db.tag.count({ cache: true })).toBe(1);
  await db.$cache.idle();
  expect(await tenant.tag.count({ cache: true })).toBe(0);
});

it('32 findUnique misses in one tick are one statement with Redis as well', async () => {
  const options = await sharedCache();
  const { db, base, loads } = setup(options);
  await base.tag.createMany({ data: Array.from({ length: 32 }, (_, index) => ({ label: `tag ${index}` })) });
  const tags = await base.tag.findMany();
  await db.tag.count({ cache: true });

  const unique = () => Promise.all(tags.map(({ id }) => db.tag.findUnique({ where: { id }, cache: true })));
  expect(await loads(unique)).toBe(1);
});

it('a write outside of the $transaction of the cache counts at once, and an event reports it', async () => {
  const { base, statements } = connect(database);
  const events: CacheEvent[] = [];
  const db = base.$extends(cachetastic({ onEvent: (event) => events.push(event) }));
  open.push(db);
  const read = () => db.tag.count({ cache: true });
  await read();
  // Prisma's own `$transaction`, on our client.
  const { $transaction } = base;

  await Reflect.apply($transaction, db, [
    async (tx: typeof db) => {
      await tx.tag.create({ data: { label: 'untracked' } });
      expect(await counter(statements)(read)).toBe(1);
    },
  ]);

  expect(events).toContainEqual({ type: 'widened', query: '$transaction', reason: 'untracked-transaction' });
});

it('$disconnect ends while an interactive transaction is open, as it does without a cache', async () => {
  const { db } = setup({ closeTimeout: '1h' });
  await db.tag.count({ cache: true });
  let begun = (): void => {};
  const open = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const transaction = db.$transaction(
    async (tx) => {
      await tx.tag.create({ data: { label: 'never committed' } });
      begun();
      await finished;
    },
    { timeout: 600_000 },
  );
  const outcome = transaction.then(
    () => 'committed',
    () => 'rejected',
  );
  await open;
  await db.$disconnect();
  finish();

  expect(await outcome).toBe('rejected');
  expect(await db.tag.count()).toBe(0);
});
