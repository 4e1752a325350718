import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { Prisma } from '@prisma/client/extension';
import { readReplicas } from '@prisma/extension-read-replicas';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { TestDatabase } from '../support/services/index.js';
import { connect, counter, createBlog, fillBlog } from './support/blog.js';

let database: TestDatabase;
const open: { $disconnect(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createBlog();
  const { base } = connect(database);
  await fillBlog(base);
  await base.$disconnect();
  // Row-level security: rows of users belong to the user that the session names.
  await database.execute(`
    CREATE ROLE cachetastic_tenant_${database.name} LOGIN PASSWORD 'tenant';
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO cachetastic_tenant_${database.name};
    ALTER TABLE users ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON users USING (name = current_setting('app.tenant', true)) WITH CHECK (true);
  `);
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.$disconnect();
});
afterAll(async () => {
  await database?.execute(
    `DROP OWNED BY cachetastic_tenant_${database.name}; DROP ROLE cachetastic_tenant_${database.name}`,
  );
  await database?.drop();
});

function setup(options: CachetasticOptions = {}) {
  const { base, statements } = connect(database);
  open.push(base);
  const db = base.$extends(cachetastic(options));
  open.push(db);
  return { base, db, loads: counter(statements) };
}

/** Passes everything on. */
const logging = Prisma.defineExtension({
  name: 'logging',
  query: { $allOperations: ({ args, query }) => query(args) },
});

it('an unknown query extension after the cache makes reads bypass it, and its name is reported', async () => {
  const { db, loads } = setup();
  const later = db.$extends(logging);
  const read = () => later.user.count({ cache: true });
  await read();

  expect(await loads(read)).toBe(1);
  expect((await later.$cache.explain(read)).info).toMatchObject({
    status: 'bypass',
    reason: 'later-query-extension: logging',
  });
  // The client without it is not concerned.
  await db.user.count({ cache: true });
  expect(await loads(() => db.user.count({ cache: true }))).toBe(0);
});

it('an unknown query extension affects only the operations that it handles', async () => {
  const { db, loads } = setup();
  const later = db.$extends({ name: 'users', query: { user: { findMany: ({ args, query }) => query(args) } } });
  const reads = [() => later.user.findMany({ cache: true }), () => later.user.count({ cache: true })] as const;
  for (const read of reads) await read();

  expect([await loads(reads[0]), await loads(reads[1])]).toEqual([1, 0]);
});

it.each([{ trustExtensions: ['logging'] }, { trustExtensions: true as const }])(
  'a read after %j is cached',
  async (options) => {
    const { db, loads } = setup(options);
    const later = db.$extends((client) => client.$extends(logging));
    const read = () => later.user.count({ cache: true });
    await read();

    expect(await loads(read)).toBe(0);
  },
);

it('writes through an unknown extension invalidate everything', async () => {
  const { db, loads } = setup();
  const read = () => db.tag.count({ cache: true });
  await read();

  await db.$extends(logging).org.create({ data: { name: 'Elsewhere' } });

  expect(await loads(read)).toBe(1);
});

it('the cache sees the arguments that earlier extensions change', async () => {
  const { base, statements } = connect(database);
  open.push(base);
  let author = 'Ann';
  const db = base
    .$extends({
      query: {
        post: { findMany: ({ args, query }) => query({ ...args, where: { ...args.where, author: { name: author } } }) },
      },
    })
    .$extends(cachetastic());
  open.push(db);
  const slugs = async () => (await db.post.findMany({ orderBy: { id: 'asc' }, cache: true })).map(({ slug }) => slug);

  expect(await slugs()).toEqual(['one', 'two']);
  author = 'Bob';
  expect(await slugs()).toEqual(['three']);
  author = 'Ann';
  expect(await counter(statements)(slugs)).toBe(0);
});

/** The usual recipe: each query in a batch that sets the tenant first. */
function rowLevelSecurity(base: ReturnType<typeof connect>['base'], tenant: () => string) {
  return Prisma.defineExtension({
    name: 'row-level-security',
    query: {
      $allModels: {
        async $allOperations({ args, query }) {
          const [, answer] = await base.$transaction([
            base.$executeRaw`SELECT set_config('app.tenant', ${tenant()}, true)`,
            query(args) as Prisma.PrismaPromise<unknown>,
          ]);
          return answer;
        },
      },
    },
  });
}

function asTenant() {
  const url = new URL(database.url);
  url.username = `cachetastic_tenant_${database.name}`;
  url.password = 'tenant';
  const { base, statements } = connect({ ...database, url: url.href });
  open.push(base);
  return { base, loads: counter(statements) };
}

it('no tenant gets rows of another, wherever row-level security is applied', async () => {
  let tenant = 'Ann';
  const { base } = asTenant();
  const security = rowLevelSecurity(base, () => tenant);
  const clients = [base.$extends(cachetastic()).$extends(security), base.$extends(security).$extends(cachetastic())];

  for (const db of clients) {
    open.push(db);
    const names = async () => (await db.user.findMany({ cache: true })).map(({ name }) => name);
    tenant = 'Ann';
    expect(await names()).toEqual(['Ann']);
    tenant = 'Bob';
    expect(await names()).toEqual(['Bob']);
  }
});

it('reads after row-level security are cached per tenant if a scope is given', async () => {
  let tenant = 'Ann';
  const { base, loads } = asTenant();
  const db = base.$extends(cachetastic({ scope: () => tenant })).$extends(rowLevelSecurity(base, () => tenant));
  open.push(db);
  const names = async () => (await db.user.findMany({ cache: true })).map(({ name }) => name);

  expect(await names()).toEqual(['Ann']);
  tenant = 'Bob';
  expect(await names()).toEqual(['Bob']);
  expect(await loads(names)).toBe(0);
  tenant = 'Ann';
  expect(await loads(async () => expect(await names()).toEqual(['Ann']))).toBe(0);
});

it('a result that a later extension changed is not shared with clients without that extension', async () => {
  const { base } = setup();
  const db = base.$extends(cachetastic({ scope: 'tenant' }));
  open.push(db);
  const shouting = db.$extends({
    query: {
      user: {
        findMany: async ({ args, query }) => (await query(args)).map((user) => ({ ...user, name: `${user.name}!` })),
      },
    },
  });
  const asking = db.$extends({
    query: {
      user: {
        findMany: async ({ args, query }) => (await query(args)).map((user) => ({ ...user, name: `${user.name}?` })),
      },
    },
  });
  const namesOf = async (client: Pick<typeof db, 'user'>) =>
    (await client.user.findMany({ orderBy: { id: 'asc' }, cache: true })).map(({ name }) => name);

  for (let time = 0; time < 2; time++) {
    expect(await namesOf(shouting as unknown as typeof db)).toEqual(['Ann!', 'Bob!']);
    expect(await namesOf(asking as unknown as typeof db)).toEqual(['Ann?', 'Bob?']);
    expect(await namesOf(db)).toEqual(['Ann', 'Bob']);
  }
});

it('computed fields are correct over ten hits, on rows and on relations', async () => {
  const { db, loads } = setup();
  const shouting = db.$extends({
    result: {
      user: { shout: { needs: { name: true }, compute: ({ name }) => `${name}!` } },
      post: { address: { needs: { slug: true }, compute: ({ slug }) => `/posts/${slug}` } },
    },
  });
  const read = () =>
    shouting.user.findMany({ include: { posts: { orderBy: { id: 'asc' } } }, orderBy: { id: 'asc' }, cache: true });
  const expected = [
    ['Ann!', ['/posts/one', '/posts/two']],
    ['Bob!', ['/posts/three']],
  ];

  for (let hit = 0; hit < 11; hit++) {
    const users = await read();
    expect(users.map(({ shout, posts }) => [shout, posts.map(({ address }) => address)])).toEqual(expected);
  }
  expect(await loads(read)).toBe(0);
});

it('clients whose computed fields need other columns share no results', async () => {
  const { db } = setup();
  const byName = db.$extends({
    result: { user: { label: { needs: { name: true }, compute: ({ name }) => name } } },
  });
  const byEmail = db.$extends({
    result: { user: { label: { needs: { email: true }, compute: ({ email }) => email } } },
  });
  const select = { label: true } as const;
  const where = { email: 'ann@example.com' };

  for (let round = 0; round < 2; round++) {
    expect((await byName.user.findUnique({ where, select, cache: true }))?.label).toBe('Ann');
    expect((await byEmail.user.findUnique({ where, select, cache: true }))?.label).toBe('ann@example.com');
  }
});

it('the cache works before read replicas, and fills from the primary', async () => {
  const { db, loads } = setup();
  const replica = connect(database);
  open.push(replica.base);
  const replicated = db.$extends(readReplicas({ replicas: [replica.base] }));
  const replicaLoads = counter(replica.statements);

  expect(await replicaLoads(() => replicated.post.count())).toBe(1);
  expect(await replicaLoads(() => replicated.post.count({ cache: true }))).toBe(0);
  expect(await loads(() => replicated.post.count({ cache: true }))).toBe(0);
  await replicated.post.create({
    data: { slug: 'four', title: 'Four', author: { connect: { email: 'bob@example.com' } } },
  });
  expect(await replicated.post.count({ cache: true })).toBe(4);
});

it('reads that are not cached may go to a replica', async () => {
  const { db } = setup();
  const replica = connect(database);
  open.push(replica.base);
  const replicated = db.$extends(readReplicas({ replicas: [replica.base] }));
  const replicaLoads = counter(replica.statements);

  const { info } = await db.$cache.explain(() => replicated.postStats.findMany({ cache: true }));
  expect(info).toMatchObject({ status: 'bypass', reason: expect.stringMatching(/^not-analysable: view PostStats/) });
  expect(await replicaLoads(() => replicated.postStats.findMany({ cache: true }))).toBe(1);
});

it('the cache refuses to be added after read replicas, and the error says the right order', () => {
  const { base } = connect(database);
  open.push(base);
  const replicated = base.$extends(readReplicas({ replicas: [connect(database).base] }));

  expect(() => replicated.$extends(cachetastic())).toThrow(
    /\$extends\(cachetastic\(…\)\)\.\$extends\(readReplicas\(…\)\)/,
  );
  expect(() => base.$extends(cachetastic()).$extends(cachetastic())).toThrow(/already/);
});

it('a later extension of $transaction keeps the one of the cache', async () => {
  const { db } = setup();
  const calls: string[] = [];
  const later = db.$extends((client) =>
    client.$extends({
      client: {
        async $transaction(work: (tx: unknown) => Promise<unknown>) {
          calls.push('later');
          return client.$transaction((tx) => work(tx));
        },
      },
    }),
  );
  const read = async () => (await db.org.findUnique({ where: { name: 'Acme' }, cache: true }))?.name;
  expect(await read()).toBe('Acme');

  await later.$transaction(async (tx) => {
    const transaction = tx as unknown as typeof db;
    await transaction.org.update({ where: { name: 'Acme' }, data: { name: 'Acme & Co' } });
    expect(await read()).toBe('Acme');
  });

  expect(calls).toEqual(['later']);
  expect(await read()).toBeUndefined();
});
