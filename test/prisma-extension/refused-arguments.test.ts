import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dice } from '../behaviour/random/dice.js';
import { BLOG_TABLES, PrismaClient as BlogClient, Prisma as BlogPrisma } from '../support/blog.js';
import { sortedText } from '../support/exact-text.js';
import {
  type CachedMethods,
  type ClientMethods,
  fixtureTables,
  type GeneratedClient,
  generatedClient,
  type UntypedClient,
} from '../support/generated-client.js';
import { createDatabase, type TestDatabase } from '../support/services/index.js';
import { RandomArguments, type Vocabulary, withoutUndefined } from './support/random-arguments.js';

interface World {
  readonly plain: UntypedClient & ClientMethods;
  readonly cached: UntypedClient & ClientMethods & CachedMethods;
  readonly prisma: GeneratedClient['Prisma'];
}

const open: { $disconnect(): Promise<void> }[] = [];
const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const client of open) await client.$disconnect();
  for (const database of databases) await database.drop();
});

function worldOf({ PrismaClient, Prisma }: GeneratedClient, url: string, options: object = {}): World {
  const make = () => new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 2 }), ...options });
  const [plain, cached] = [make(), make().$extends(cachetastic())];
  open.push(plain, cached);
  return { plain, cached, prisma: Prisma };
}

async function database(tables: string): Promise<string> {
  const made = await createDatabase(tables);
  databases.push(made);
  return made.url;
}

/** What a caller sees of a read: its answer, or how it was refused. */
async function outcome(prisma: GeneratedClient['Prisma'], read: () => PromiseLike<unknown>): Promise<string> {
  try {
    return sortedText(await read(), prisma.Decimal);
  } catch (error) {
    const { name, code } = error as { readonly name: string; readonly code?: string };
    return `${name} ${code ?? ''}`;
  }
}

/** Asks the same of both clients, when what is nearly the same is cached. @returns What both say. */
async function agree({ plain, cached, prisma }: World, model: string, operation: string, args: object) {
  const ask = (client: UntypedClient, given: object) => outcome(prisma, () => read(client, model, operation, given));
  const near = { ...(withoutUndefined(args) as object), cache: 60 };
  for (let turn = 0; turn < 2; turn += 1) await ask(cached, near);
  const want = await ask(plain, args);
  for (const turn of ['first', 'second']) {
    expect(await ask(cached, { ...args, cache: 60 }), `${turn} ${model}.${operation} ${show(args)}`).toBe(want);
  }
  return want;
}

function read(client: UntypedClient, model: string, operation: string, args: object): PromiseLike<unknown> {
  const method = client[model]?.[operation] ?? expect.unreachable(`${model}.${operation}`);
  return method(args);
}

function show(args: unknown): string {
  return JSON.stringify(args, (_, value) =>
    value === undefined ? '<undefined>' : typeof value === 'bigint' ? `${value}n` : value,
  );
}

const REFUSED = 'PrismaClientValidationError ';

describe('a client with strictUndefinedChecks', () => {
  let world: World;
  beforeAll(async () => {
    world = worldOf(await generatedClient('orders'), await database(fixtureTables('orders')));
  });

  it.each<[string, string, object]>([
    ['a condition', 'findMany', { where: { name: undefined } }],
    ['the conditions', 'findMany', { where: undefined }],
    ['an operator', 'findMany', { where: { name: { contains: undefined } } }],
    ['a part of AND', 'findMany', { where: { AND: [{ name: undefined }] } }],
    ['a condition on a relation', 'findMany', { where: { customer: { is: { name: undefined } } } }],
    ['an order', 'findMany', { orderBy: undefined }],
    ['a limit', 'findMany', { take: undefined }],
    ['a selected column', 'findMany', { select: { id: true, name: undefined } }],
    ['an included relation', 'findMany', { include: { customer: undefined } }],
    ['a condition on an included relation', 'findMany', { include: { labels: { where: { text: undefined } } } }],
    ['a condition in addition to a key', 'findUnique', { where: { id: 1, name: undefined } }],
    ['a counted condition', 'count', { where: { name: undefined } }],
    ['a condition of an aggregate', 'aggregate', { _sum: { id: true }, where: { name: undefined } }],
  ])('refuses `undefined` as %s, whatever is cached', async (_, operation, args) => {
    expect(await agree(world, 'order', operation, args)).toBe(REFUSED);
  });

  it('treats an undefined selection as an absent one, like Prisma', async () => {
    for (const name of ['select', 'include', 'omit']) {
      expect(await agree(world, 'order', 'findMany', { [name]: undefined })).not.toBe(REFUSED);
    }
  });

  it('caches a read whose conditions Prisma.skip leaves out', async () => {
    const { cached, prisma } = world;
    const asked = () => cached['order']?.['findMany']?.({ where: { name: prisma.skip }, cache: 60 }) ?? expect.fail();
    await asked();

    expect((await cached.$cache.explain(asked)).info.status).toBe('hit');
    expect(await agree(world, 'order', 'findMany', { where: { name: prisma.skip } })).toContain('first');
    expect(await agree(world, 'order', 'findMany', { select: prisma.skip })).toMatch(/^PrismaClient/);
    expect(await agree(world, 'order', 'findMany', { select: { id: true, name: prisma.skip } })).not.toContain('first');
  });

  it('behaves like Prisma with random arguments, valid or not', async () => {
    const counts = await agreeAtRandom(world, {
      model: 'order',
      columns: { id: [1, 2], name: ['first', 'second'], serial: [1n, 2], region: ['eu', 'us '] },
      relations: { customer: { id: [1], name: ['Ann'] }, labels: { text: ['news'] } },
      skip: world.prisma.skip,
    });
    expect(counts.refused).toBeGreaterThan(5);
    expect(counts.answered).toBeGreaterThan(5);
  });
});

describe('a client without strictUndefinedChecks', () => {
  let world: World;
  let url: string;
  const blog = { PrismaClient: BlogClient, Prisma: BlogPrisma } as unknown as GeneratedClient;
  beforeAll(async () => {
    url = await database(`${BLOG_TABLES}
      INSERT INTO users (email, name) VALUES ('ann@x.org', 'Ann'), ('bob@x.org', 'Bob');
      INSERT INTO posts (slug, title, author_id) VALUES ('one', 'One', 1), ('two', 'Two', 1);`);
    world = worldOf(blog, url);
  });

  it.each<[string, string, object]>([
    ['a selected field that does not exist', 'findMany', { select: { id: true, nobody: undefined } }],
    ['an included relation that does not exist', 'findMany', { include: { nobody: undefined } }],
    ['an omitted field that does not exist', 'findMany', { omit: { nobody: undefined } }],
    ['a sum', 'aggregate', { _count: true, _sum: undefined }],
    ['a count', 'aggregate', { _max: { id: true }, _count: undefined }],
    ['a selected column', 'findMany', { select: { id: true, name: undefined } }],
    ['the only selected column', 'findMany', { select: { name: undefined } }],
    ['a condition', 'findMany', { where: { name: undefined } }],
  ])('behaves like Prisma with `undefined` as %s', async (_, operation, args) => {
    await agree(world, 'user', operation, args);
  });

  it('with an undefined omission shows what the client omits, unlike with an absent one', async () => {
    const discreet = worldOf(blog, url, { omit: { user: { email: true } } });

    expect(await agree(discreet, 'user', 'findMany', { omit: { email: undefined } })).toContain('ann@x.org');
    expect(await agree(discreet, 'user', 'findMany', { omit: {} })).not.toContain('ann@x.org');
  });

  it('behaves like Prisma with random arguments, valid or not', async () => {
    const counts = await agreeAtRandom(world, {
      model: 'user',
      columns: { id: [1, 2], name: ['Ann', 'Bob'], email: ['ann@x.org'], score: [0, 1] },
      relations: { posts: { id: [1], title: ['One'] }, org: { name: ['x'] } },
      skip: undefined,
    });
    expect(counts.refused).toBeGreaterThan(5);
    expect(counts.answered).toBeGreaterThan(5);
  });
});

const TIMES = 50;

async function agreeAtRandom(world: World, vocabulary: Vocabulary & { readonly model: string }) {
  const seed = Number(process.env['CACHETASTIC_TEST_SEED'] ?? Date.now() % 2 ** 31);
  const random = new RandomArguments(new Dice(seed), vocabulary);
  const counts = { refused: 0, answered: 0 };
  for (let time = 0; time < TIMES; time += 1) {
    const { operation, args } = random.next();
    const said = await agree(world, vocabulary.model, operation, args).catch((error: unknown) => {
      throw new Error(`seed ${seed}, read ${time}`, { cause: error });
    });
    counts[said.startsWith('PrismaClient') ? 'refused' : 'answered'] += 1;
  }
  return counts;
}
