import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { Prisma } from '@prisma/client/extension';
import { readReplicas } from '@prisma/extension-read-replicas';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openPlain } from '../support/blog.js';
import { type TestDatabase, waitUntil } from '../support/services/index.js';
import { connect, createBlog, fillBlog } from './support/blog.js';

let database: TestDatabase;
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await createBlog();
  const { base } = connect(database);
  await fillBlog(base);
  await base.$disconnect();
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => database?.drop());

/** A client and its replica: one database, asked by two clients. */
function connectBoth() {
  const primary = openPlain(database.url);
  const replica = openPlain(database.url);
  open.push(primary.close, replica.close);
  const reads = (): number[] => [primary, replica].map(({ watch }) => watch.count(/FROM "public"/));
  return {
    base: primary.client,
    replicas: readReplicas({ replicas: [replica.client] }),
    /** How many reads `work` sent to the primary and to the replica. */
    loads: async (work: () => PromiseLike<unknown>): Promise<readonly number[]> => {
      const before = reads();
      await work();
      return reads().map((count, index) => count - (before[index] ?? 0));
    },
  };
}

/** A replica may answer as soon as the log was known for a millisecond. */
const LAGGING: CachetasticOptions = { replicaLag: '1ms' };

/** Asks other questions until a replica answers one. */
async function known(ask: (views: number) => PromiseLike<unknown>, loads: ReturnType<typeof connectBoth>['loads']) {
  let views = 1_000;
  await waitUntil('a load that a replica answers', async () => {
    views++;
    const [, onReplica] = await loads(() => ask(views));
    if (onReplica === 0) throw new Error('the primary answered');
  });
}

function setup(options: CachetasticOptions = LAGGING) {
  const both = connectBoth();
  const cached = both.base.$extends(cachetastic(options));
  open.push(() => cached.$cache.close());
  return { ...both, cached, db: cached.$extends(both.replicas) };
}

it('with `replicaLag` a load may go to a replica, and its result is cached', async () => {
  const { db, loads } = setup();
  await known((views) => db.post.count({ where: { views }, cache: true }), loads);

  const where = { slug: 'one' };
  expect(await loads(() => db.post.findUnique({ where, cache: true }))).toEqual([0, 1]);
  expect(await loads(() => db.post.findUnique({ where, cache: true }))).toEqual([0, 0]);
  expect(await db.post.findUnique({ where, cache: true })).toMatchObject({ title: 'One' });
});

it('fluent calls go to the primary, because a replica returns them in another shape', async () => {
  const { db, loads } = setup();
  await known((views) => db.post.count({ where: { views }, cache: true }), loads);
  const where = { email: 'ann@example.com' };
  let posts: unknown;

  const answered = await loads(async () => {
    posts = await db.$cached().user.findUnique({ where }).posts();
  });

  expect(answered).toEqual([expect.any(Number), 0]);
  expect(posts).toMatchObject([{ slug: 'one' }, { slug: 'two' }]);
});

it.each(['before', 'after'])('reads go to the primary if an extension %s the cache computes fields', async (place) => {
  const { base, replicas, loads } = connectBoth();
  const labels = Prisma.defineExtension({
    result: { user: { label: { needs: { name: true }, compute: ({ name }: { name: string }) => `<${name}>` } } },
  });
  const cached =
    place === 'before'
      ? base.$extends(labels).$extends(cachetastic(LAGGING))
      : base.$extends(cachetastic(LAGGING)).$extends(labels);
  open.push(() => cached.$cache.close());
  const db = cached.$extends(replicas) as unknown as ReturnType<typeof setup>['db'];
  // By any other question it is known for long enough: each of these takes more than a millisecond.
  for (const views of [1, 2, 3])
    expect(await loads(() => db.post.count({ where: { views }, cache: true }))).toEqual([1, 0]);

  const ask = { where: { email: 'ann@example.com' }, select: { label: true }, cache: true };
  expect(await Reflect.apply(db.user.findUnique, db.user, [ask])).toMatchObject({ label: '<Ann>' });
});

it('reads go to the primary if another extension after the cache handles queries', async () => {
  const { base, replicas, loads } = connectBoth();
  const logging = Prisma.defineExtension({
    name: 'logging',
    query: { $allOperations: ({ args, query }) => query(args) },
  });
  const extended = (options: CachetasticOptions) => {
    const cached = base.$extends(cachetastic({ ...LAGGING, ...options })).$extends(logging);
    open.push(() => cached.$cache.close());
    return cached.$extends(replicas);
  };
  const alone = base.$extends(cachetastic(LAGGING));
  open.push(() => alone.$cache.close());
  const replicated = alone.$extends(replicas);
  const trusted = extended({ trustExtensions: ['logging'] });
  const untrusted = extended({ scope: 'tenant' });

  await known((views) => replicated.post.count({ where: { views }, cache: true }), loads);
  // A replica's client does not know the extension, which may rewrite arguments also where it is trusted.
  for (const views of [1, 2, 3]) {
    expect(await loads(() => trusted.post.count({ where: { views }, cache: true }))).toEqual([1, 0]);
    expect(await loads(() => untrusted.post.count({ where: { views }, cache: true }))).toEqual([1, 0]);
  }
});

it.each([0, -1, 'soon', true])('%j is refused as `replicaLag`', (replicaLag) => {
  expect(() => Reflect.apply(cachetastic, undefined, [{ replicaLag }])).toThrow(/replicaLag/);
});
