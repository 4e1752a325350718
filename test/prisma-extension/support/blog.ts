import { readFile } from 'node:fs/promises';
import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../fixtures/blog/generated/client/client.js';
import { createDatabase, sharedRedis, type TestDatabase, uniqueNamespace } from '../../support/services/index.js';

const SCHEMA = new URL('../../fixtures/blog/schema.sql', import.meta.url);

/** A database with the tables of the blog. */
export async function createBlog(): Promise<TestDatabase> {
  return createDatabase(await readFile(SCHEMA, 'utf8'));
}

/** A client of it, and the statements that it sent. */
export function connect(database: TestDatabase) {
  const base = new PrismaClient({
    adapter: new PrismaPg({ connectionString: database.url }),
    log: [{ emit: 'event', level: 'query' }],
  });
  const statements: string[] = [];
  base.$on('query', ({ query }) => {
    statements.push(query);
  });
  return { base, statements };
}

/** A cached client of the blog, and how often the database was asked. */
export function cachedBlog(database: TestDatabase, options: CachetasticOptions = {}) {
  const { base, statements } = connect(database);
  return { base, statements, db: base.$extends(cachetastic(options)), loads: counter(statements) };
}

/** Options of clients that share a cache in Redis. A busy test machine may take longer than the default deadline. */
export async function sharedCache(): Promise<CachetasticOptions> {
  return { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() };
}

/** Counts the statements that `work` sent to the database. */
export function counter(statements: readonly string[]) {
  return async <Value>(work: () => PromiseLike<Value>): Promise<number> => {
    const before = statements.length;
    await work();
    return statements.length - before;
  };
}

/** An organisation with two users, three posts, two comments and a tag. */
export async function fillBlog(base: PrismaClient) {
  const org = await base.org.create({ data: { name: 'Acme' } });
  const ann = await base.user.create({
    data: { email: 'ann@example.com', name: 'Ann', orgId: org.id, score: 3, balance: '10.50' },
  });
  const bob = await base.user.create({ data: { email: 'bob@example.com', name: 'Bob', score: 1 } });
  const post = await base.post.create({
    data: {
      slug: 'one',
      title: 'One',
      authorId: ann.id,
      comments: { create: [{ text: 'First', authorId: bob.id }, { text: 'Second' }] },
      tags: { create: { label: 'news' } },
    },
  });
  await base.post.createMany({
    data: [
      { slug: 'two', title: 'Two', authorId: ann.id },
      { slug: 'three', title: 'Three', authorId: bob.id },
    ],
  });
  return { org, ann, bob, post };
}
