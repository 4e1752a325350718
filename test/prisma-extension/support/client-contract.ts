import { readFile } from 'node:fs/promises';
import { cachetastic } from '@cachetastic/prisma-extension';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Prisma, PrismaClient } from '../../fixtures/blog/generated/client/client.js';
import { createDatabase, type TestDatabase } from '../../support/services/index.js';
import { counter, fillBlog, sharedCache } from './blog.js';

/** What one version of Prisma generates. */
interface Generators {
  /** What each generator makes, by its name. The clients differ in private types only, of which each makes its own. */
  readonly made: Readonly<
    Record<string, { readonly PrismaClient: new (...given: never) => unknown; readonly Prisma: unknown }>
  >;
  readonly adapter: (connectionString: string) => unknown;
  /** Whether transactions may be nested. */
  readonly nests: boolean;
}

/** Runs {@link clientContract} with every client that `version` generates. */
export function generatorsContract(version: string, { made, adapter, nests }: Generators): void {
  for (const [generator, { PrismaClient, Prisma }] of Object.entries(made)) {
    clientContract(`${version}, ${generator}`, {
      connect: (connectionString) =>
        Reflect.construct(PrismaClient, [
          { adapter: adapter(connectionString), log: [{ emit: 'event', level: 'query' }] },
        ]) as ReturnType<Generated['connect']>,
      Prisma: Prisma as Generated['Prisma'],
      nests,
    });
  }
}

/** A generated client: the class, and the classes of its values. */
interface Generated {
  readonly connect: (url: string) => PrismaClient;
  readonly Prisma: Pick<typeof Prisma, 'Decimal' | 'JsonNull' | 'DbNull' | 'sql'>;
  /** Whether transactions may be nested. */
  readonly nests: boolean;
}

/** What holds with every version of Prisma and every generator. */
function clientContract(name: string, { connect, Prisma, nests }: Generated): void {
  describe(name, () => {
    let database: TestDatabase;
    let filled: Awaited<ReturnType<typeof fillBlog>>;
    let base: PrismaClient;
    let statements: string[];
    const loads: ReturnType<typeof counter> = (work) => counter(statements)(work);

    beforeAll(async () => {
      database = await createDatabase(
        await readFile(new URL('../../fixtures/blog/schema.sql', import.meta.url), 'utf8'),
      );
      const filling = connect(database.url);
      filled = await fillBlog(filling);
      await filling.$disconnect();
    });
    beforeEach(() => {
      statements = [];
      base = connect(database.url);
      const sent = statements;
      (base as PrismaClient<'query'>).$on('query', ({ query }) => {
        sent.push(query);
      });
    });
    afterEach(() => base.$disconnect());
    afterAll(() => database?.drop());

    it('reads are cached and invalidated by writes', async () => {
      const db = base.$extends(cachetastic());
      const read = () => db.user.findUnique({ where: { id: filled.ann.id }, include: { posts: true }, cache: true });
      await read();
      expect(await loads(read)).toBe(0);

      await db.post.update({ where: { slug: 'one' }, data: { title: 'Uno' } });
      expect((await read())?.posts.map(({ title }) => title)).toContain('Uno');
      await db.$executeRaw`UPDATE posts SET title = 'One' WHERE slug = 'one'`;
      expect((await read())?.posts.map(({ title }) => title)).toContain('One');
    });

    it('the fluent API and raw SQL are cached through $cached', async () => {
      const db = base.$extends(cachetastic());
      const cached = db.$cached({ models: ['User'] });
      const fluent = () => cached.user.findUnique({ where: { id: filled.ann.id } }).posts();
      const raw = () => cached.$queryRaw(Prisma.sql`SELECT balance FROM users WHERE id = ${filled.ann.id}`);
      const first = [await fluent(), await raw()];

      expect(await loads(async () => expect([await fluent(), await raw()]).toEqual(first))).toBe(0);
    });

    it('results from Redis have the classes of this client', async () => {
      const options = await sharedCache();
      const data = {
        decimal: '1.5',
        decimals: ['0.1'],
        bigint: 2n ** 62n,
        float: 1,
        boolean: true,
        at: new Date(1),
        day: new Date(0),
        bytes: new Uint8Array([1, 2]),
        json: { a: [null] },
        jsonN: Prisma.JsonNull,
        text: '',
        role: 'ADMIN' as const,
      };
      const { id } = await base.everything.create({ data });
      const native = await base.everything.findUniqueOrThrow({ where: { id } });
      const writer = base.$extends(cachetastic(options));
      const reader = base.$extends(cachetastic(options));
      await writer.everything.findUniqueOrThrow({ where: { id }, cache: true });
      await writer.$cache.idle();

      const { data: answer, info } = await reader.$cache.explain(() =>
        reader.everything.findUniqueOrThrow({ where: { id }, cache: true }),
      );

      expect(info).toMatchObject({ status: 'hit', source: 'redis' });
      expect(answer).toEqual(native);
      expect(answer.decimal).toBeInstanceOf(Prisma.Decimal);
      expect(answer.bytes.constructor).toBe(native.bytes.constructor);
      await Promise.all([writer.$cache.close(), reader.$cache.close()]);
    });

    it('JsonNull and DbNull are distinguished', async () => {
      const db = base.$extends(cachetastic());
      const count = (equals: typeof Prisma.JsonNull | typeof Prisma.DbNull) =>
        db.everything.count({ where: { jsonN: { equals } }, cache: true });
      const everything = await count(Prisma.JsonNull);

      expect(await count(Prisma.DbNull)).not.toBe(everything);
      expect(await count(Prisma.JsonNull)).toBe(everything);
    });

    it('a transaction invalidates after its commit, and not after a rollback', async () => {
      const db = base.$extends(cachetastic());
      const where = { id: filled.bob.id };
      const name = async () => (await db.user.findUniqueOrThrow({ where, cache: true })).name;
      const before = await name();

      const rolledBack = db.$transaction(async (tx) => {
        await tx.user.update({ where, data: { name: 'nobody' } });
        throw new Error('rolled back');
      });
      await expect(rolledBack).rejects.toThrow('rolled back');
      expect(await loads(name)).toBe(0);

      await db.$transaction(async (tx) => {
        if (nests) await tx.$transaction((inner) => inner.user.update({ where, data: { name: 'Robert' } }));
        else await tx.user.update({ where, data: { name: 'Robert' } });
        expect(await name()).toBe(before);
      });
      expect(await name()).toBe('Robert');

      await db.$transaction([db.user.update({ where, data: { name: before } }), db.user.count({ cache: true })]);
      expect(await name()).toBe(before);
    });

    it('query extensions after the cache and computed fields are detected', async () => {
      const db = base.$extends(cachetastic());
      const later = db.$extends({
        name: 'later',
        query: { user: { count: ({ args, query }) => query(args) } },
        result: { user: { shout: { needs: { name: true }, compute: ({ name: given }) => `${given}!` } } },
      });
      await later.user.count({ cache: true });

      expect((await db.$cache.explain(() => later.user.count({ cache: true }))).info.reason).toBe(
        'later-query-extension: later',
      );
      const shouts = async () => (await later.user.findMany({ cache: true })).map(({ shout }) => shout).sort();
      expect(await shouts()).toEqual(['Ann!', 'Bob!']);
      expect(await loads(async () => expect(await shouts()).toEqual(['Ann!', 'Bob!']))).toBe(0);
    });
  });
}
