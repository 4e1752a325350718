import { createRequire } from 'node:module';
import { format } from 'node:util';
import type { CacheEvent } from '@cachetastic/core';
import { SeparateProcess } from '@cachetastic/core/testing';
import { type CachetasticOptions as DrizzleOptions, withCachetastic } from '@cachetastic/drizzle';
import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import * as orm from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Redis } from 'ioredis';
import { Pool, type PoolConfig } from 'pg';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBlogDatabase, openBlog, openPlain, PrismaClient } from '../support/blog.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import * as schema from './drizzle-schema.js';
import { type CodeBlock, codeBlocks, pages, readPage, section } from './markdown.js';
import { CLIENT_SPECIFIER, isDrizzle, SCHEMA_SPECIFIER, statementsOf, typeErrors } from './snippets.js';

const README = readPage('README.md');
const BLOCKS = codeBlocks(README).filter(({ language }) => language === 'ts');
/** What the README has for each ORM is one program. */
const PROGRAMS = {
  Prisma: programOf((block) => !isDrizzle(block)),
  Drizzle: programOf(isDrizzle),
};
type Orm = keyof typeof PROGRAMS;

function programOf(belongs: (block: CodeBlock) => boolean) {
  const code = BLOCKS.filter(belongs).map((block) => block.code);
  return statementsOf(code.join('\n'));
}

it('every block of TypeScript on every page compiles', { timeout: 120_000 }, () => {
  const withCode = pages().filter((page) => codeBlocks(readPage(page)).some(({ language }) => language === 'ts'));

  expect(withCode).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/concepts/scope.md']));
  expect(typeErrors(withCode)).toEqual([]);
});

it('the commands of the README and of CONTRIBUTING exist', () => {
  const { scripts } = createRequire(import.meta.url)('../../package.json') as { scripts: Record<string, string> };
  const shell = ['README.md', 'CONTRIBUTING.md', 'bench/README.md'].map(readPage).join('\n');
  const run = [...shell.matchAll(/npm run ([\w-]+)/g)].map(([, script = '']) => script);

  expect(run.length).toBeGreaterThan(3);
  for (const script of [...run, 'start', 'test']) expect(scripts, script).toHaveProperty(script);
});

it('the first screens of the README say what the library is, how to try it and how to use it, and fit a narrow window', () => {
  const lines = README.split('\n');
  const inCode = codeBlocks(README).flatMap(({ code }) => code.split('\n'));

  expect(lines.findIndex((line) => line.startsWith('npm start'))).toBeLessThan(15);
  expect(lines.findIndex((line) => line.includes('$extends'))).toBeLessThan(30);
  expect(lines.findIndex((line) => line.includes('withCachetastic('))).toBeLessThan(65);
  expect(lines).toContain('## What is not promised');
  expect(lines.indexOf('## What is not promised')).toBeLessThan(115);
  expect(lines.filter((line) => line.length > 82)).toEqual([]);
  expect(inCode.filter((line) => line.length > 68)).toEqual([]);
  expect(section(README, 'What is promised')).not.toContain('|');
});

describe.each<[orm: Orm, mode: string]>([
  ['Prisma', 'with Redis'],
  ['Prisma', 'without'],
  ['Drizzle', 'with Redis'],
  ['Drizzle', 'without'],
])('the code of the README for %s, %s,', (orm, mode) => {
  let database: TestDatabase;
  let redis: string;
  const namespace = uniqueNamespace();

  beforeAll(async () => {
    [database, redis] = await Promise.all([createBlogDatabase(), sharedRedis()]);
    const { client, close } = openPlain(database.url);
    await client.org.create({ data: { name: 'Acme' } });
    await client.user.create({
      data: { email: 'ann@example.com', name: 'Ann', orgId: 1, posts: { create: { slug: 'one', title: 'Old' } } },
    });
    await close();
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(async () => {
    await database.drop();
    const client = new Redis(redis);
    const keys = await client.keys(`*ct:${namespace}:*`);
    if (keys.length > 0) await client.unlink(keys);
    client.disconnect();
  });

  it('runs, and does what its comments say', async () => {
    vi.stubEnv('DATABASE_URL', database.url);
    vi.stubEnv('CACHETASTIC_NAMESPACE', namespace);
    vi.stubEnv('REDIS_URL', mode === 'with Redis' ? redis : undefined);
    // For the cache this is another process, with the other ORM or the same.
    const options = patient({ redis: process.env['REDIS_URL'] });
    const other = new SeparateProcess().run(() => openBlog(database.url, options));
    const titles = async (): Promise<readonly string[]> => {
      const users = await other.db.user.findMany({ where: { orgId: 1 }, include: { posts: true }, cache: '5m' });
      return users.flatMap(({ posts }) => posts.map(({ title }) => title));
    };

    const seen = await run(orm, async (claim) => {
      if (claim === 'from Postgres') expect(await titles()).toEqual(['Old']);
    });
    await vi.waitFor(async () => expect(await titles()).toEqual(mode === 'with Redis' ? ['News'] : ['Old']), 5_000);
    await other.close();

    const claims = PROGRAMS[orm].statements.flatMap(({ claim }, index) =>
      claim === undefined ? [] : [[index, claim] as const],
    );
    expect(claims.length).toBeGreaterThan(3);
    for (const [index, claim] of claims) expectClaim(claim, seen[index]);
  });
});

/** What one statement of the README did. */
interface Seen {
  readonly text: string;
  readonly queries: number;
  readonly events: readonly CacheEvent[];
  readonly printed: readonly string[];
}

/** Checks what a comment says of its statement. A comment that cannot be checked fails. */
function expectClaim(claim: string, seen: Seen | undefined): void {
  if (seen === undefined) throw new Error(`Nothing ran for "${claim}".`);
  if (seen.text.startsWith('console.log')) {
    expect(seen.printed).toEqual([claim]);
  } else if (claim === 'from Postgres') {
    expect(seen.queries).toBeGreaterThan(0);
    expect(seen.events).toContainEqual(expect.objectContaining({ type: 'load' }));
  } else {
    expect(claim).toBe('from memory: no query, no Redis');
    expect(seen.queries).toBe(0);
    expect(seen.events.filter(({ type }) => type !== 'fill')).toEqual([
      expect.objectContaining({ type: 'hit', source: 'memory' }),
    ]);
  }
}

/** A busy test machine may take longer than the default deadline. */
function patient<Options extends Pick<CachetasticOptions, 'redis'>>(options: Options): Options {
  return typeof options.redis === 'string' ? { ...options, redis: { url: options.redis, deadline: '5s' } } : options;
}

/** What runs a program of the README sees of it. */
interface Observers {
  readonly onQuery: () => void;
  readonly onEvent: (event: CacheEvent) => void;
}

/** What a program imports, and what ends what it began. */
interface Stage {
  readonly modules: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

function stageForPrisma({ onQuery, onEvent }: Observers): Stage {
  const clients: { $disconnect(): Promise<void> }[] = [];
  const modules = {
    '@cachetastic/prisma-extension': {
      cachetastic: (options: CachetasticOptions) => cachetastic({ ...patient(options), onEvent }),
    },
    '@prisma/adapter-pg': { PrismaPg },
    [CLIENT_SPECIFIER]: {
      PrismaClient: new Proxy(PrismaClient, {
        construct(target, [options]: [ConstructorParameters<typeof PrismaClient>[0]]) {
          const client = new target({ ...options, log: [{ emit: 'event', level: 'query' }] });
          client.$on('query' as never, onQuery);
          clients.push(client);
          return client;
        },
      }),
    },
  };
  return {
    modules,
    async close() {
      for (const client of clients) await client.$disconnect();
    },
  };
}

function stageForDrizzle({ onQuery, onEvent }: Observers): Stage {
  const opened: (() => Promise<void>)[] = [];
  class WatchedPool extends Pool {
    constructor(options: PoolConfig) {
      super(options);
      this.on('error', () => {});
      opened.push(() => this.end());
      const { query } = this;
      this.query = ((...given: never[]) => {
        onQuery();
        return Reflect.apply(query, this, given);
      }) as Pool['query'];
    }
  }
  const modules = {
    '@cachetastic/drizzle': {
      withCachetastic: (database: object, options: DrizzleOptions) => {
        const db = withCachetastic(database, { ...patient(options), onEvent });
        opened.unshift(() => db.$cache.close());
        return db;
      },
    },
    'drizzle-orm': orm,
    'drizzle-orm/node-postgres': { drizzle },
    pg: { Pool: WatchedPool },
    [SCHEMA_SPECIFIER]: schema,
  };
  return {
    modules,
    async close() {
      for (const end of opened) await end();
    },
  };
}

/** Runs the README as it is written, and watches each of its statements. `then` follows each, with what its comment claims. */
async function run(name: Orm, then: (claim: string | undefined) => Promise<void>): Promise<readonly Seen[]> {
  const { statements, imports } = PROGRAMS[name];
  const seen: Seen[] = [];
  let queries = 0;
  let events: CacheEvent[] = [];
  let printed: string[] = [];
  const observers: Observers = {
    onQuery: () => {
      queries += 1;
    },
    onEvent: (event) => events.push(event),
  };
  const { modules, close } = name === 'Prisma' ? stageForPrisma(observers) : stageForDrizzle(observers);
  const after = async (index: number): Promise<void> => {
    seen.push({ text: statements[index]?.text ?? '', queries, events, printed });
    await then(statements[index]?.claim);
    [queries, events, printed] = [0, [], []];
  };
  const log = (...values: readonly unknown[]): void => void printed.push(format(...values));

  const body = statements.map(({ text }, index) => `${text};\nawait after(${index});`).join('\n');
  const { outputText } = ts.transpileModule(`${imports}\n${body}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const AsyncFunction = Object.getPrototypeOf(run).constructor as new (
    ...source: readonly string[]
  ) => (...given: readonly unknown[]) => Promise<void>;
  try {
    await new AsyncFunction('modules', 'after', 'console', outputText)(modules, after, { log });
  } finally {
    await close();
  }
  return seen;
}
