import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install, packAll, ROOT, removeTarballs } from './installation.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** The compilers that applications have. */
const COMPILERS = ['typescript', 'typescript-newest'];
const OPTIONS = ['--strict', '--skipLibCheck', '--target', 'es2023', '--ignoreConfig'];

beforeAll(packAll);
afterAll(removeTarballs);

/** What the compiler called `name` prints in `home`: nothing, if it finds nothing wrong. */
async function compile(name: string, home: string, parameters: readonly string[]): Promise<string> {
  const tsc = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'tsc');
  const options = name === 'typescript' ? OPTIONS.filter((option) => option !== '--ignoreConfig') : OPTIONS;
  return run(process.execPath, [tsc, ...options, ...parameters], { cwd: home }).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string; readonly message: string }) => error.stdout || error.message,
  );
}

/** Has `home` see the package `name` that `from` sees. */
async function link(home: string, name: string, from = ROOT): Promise<void> {
  const place = join(home, 'node_modules', name);
  await rm(place, { recursive: true, force: true });
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(from, 'node_modules', name), place);
}

describe.each([
  ['0.45', ROOT],
  ['1.0', join(ROOT, 'test/drizzle-1')],
])('the argument of `$withCache` in Drizzle %s', (_, generation) => {
  it.each([
    ['an ES module', 'queries.mts'],
    ['CommonJS', 'queries.cts'],
  ])(
    'is type checked by the compiler of %s',
    async (_kind, file) => {
      const home = await install({ optionalPeers: false });
      await link(home, 'drizzle-orm', generation);
      await writeFile(join(home, file), QUERIES);

      expect(await compile('typescript', home, ['--noEmit', '--module', 'nodenext', file])).toBe('');
    },
    600_000,
  );
});

const QUERIES = [
  ['mysql', 'MySqlRemoteDatabase'],
  ['pg', 'PgRemoteDatabase'],
  ['sqlite', 'SqliteRemoteDatabase'],
]
  .map(
    ([dialect, database]) => `
      import { withCachetastic as with${dialect} } from '@cachetastic/drizzle';
      import type { ${database} } from 'drizzle-orm/${dialect}-proxy';
      import { ${dialect}Table, text as ${dialect}Text } from 'drizzle-orm/${dialect}-core';
      const ${dialect}Users = ${dialect}Table('users', { name: ${dialect}Text('name') });
      declare const ${dialect}Base: ${database};
      const ${dialect} = with${dialect}(${dialect}Base);
      ${dialect}.select().from(${dialect}Users).$withCache({ ttl: '5m' });
      ${dialect}.$cached({ ttl: '5m' }).select().from(${dialect}Users);
      // @ts-expect-error a misspelt option
      ${dialect}.select().from(${dialect}Users).$withCache({ tll: '5m' });`,
  )
  .join('');

it('`moduleResolution: node` finds the types of every entry', async () => {
  const home = await install({ optionalPeers: true });
  await link(home, '@types/node');
  await writeFile(
    join(home, 'entries.ts'),
    `import { CacheEvents } from '@cachetastic/core';
     import { LazyCache } from '@cachetastic/core/adapter';
     import { redis } from '@cachetastic/core/redis';
     import { analyseWrite } from '@cachetastic/core/sql';
     import { ManualClock } from '@cachetastic/core/testing';
     import { withCachetastic } from '@cachetastic/drizzle';
     import { cachetastic } from '@cachetastic/prisma-extension';
     const clock: ManualClock = new ManualClock();
     // @ts-expect-error a misspelt option
     cachetastic({ tll: 5 });
     export const all = [CacheEvents, LazyCache, redis, analyseWrite, clock, withCachetastic];`,
  );
  const node10 = ['--noEmit', '--module', 'commonjs', '--moduleResolution', 'node10', '--types', 'node', 'entries.ts'];

  // The newest compiler no longer knows this resolution.
  expect(await compile('typescript', home, node10)).toBe('');
}, 600_000);

it('CommonJS and ES modules of one process load one module', async () => {
  const home = await install({ optionalPeers: false });
  const script = `const names = ['@cachetastic/core', '@cachetastic/drizzle', '@cachetastic/prisma-extension'];
    Promise.all(names.map(async (name) => Object.entries(await import(name)).every(([key, value]) => require(name)[key] === value)))
      .then((same) => console.log(JSON.stringify(same)));`;

  const { stdout } = await run(process.execPath, ['--no-warnings', '--eval', script], { cwd: home });

  expect(JSON.parse(stdout)).toEqual([true, true, true]);
});

/** A schema of so many models, each of which references the one before. */
function schemaOf(models: number): string {
  const model = (at: number): string => `model M${at} {
    id Int @id @default(autoincrement())
    name String?
    ${at === 0 ? '' : `prev M${at - 1} @relation(fields: [prevId], references: [id])\n    prevId Int`}
    ${at === models - 1 ? '' : `next M${at + 1}[]`}
  }`;
  return `generator client {\n  provider = "prisma-client"\n  output = "./generated"\n}
    datasource db {\n  provider = "postgresql"\n}
    ${Array.from({ length: models }, (_, at) => model(at)).join('\n')}`;
}

/** What a module exports that holds a client. */
const CLIENT = `
  import { type CachetasticClient, cachetastic } from '@cachetastic/prisma-extension';
  import { PrismaClient } from './generated/client.js';
  declare const base: PrismaClient;
  export const db = base.$extends(cachetastic());
  export const annotated: CachetasticClient<PrismaClient> = db;
  export const rename = (id: number) => db.m1.update({ where: { id }, data: { name: 'x' } });
`;
const MORE = `
  export function makeDb() { return base.$extends(cachetastic({ ttl: 5 })); }
  export interface Db extends ReturnType<typeof makeDb> {}
  export type Tx = Parameters<Parameters<Db['$transaction']>[0]>[0];
  export class Service {
    readonly db = base.$extends(cachetastic());
    rows() { return this.db.m1.findMany({ cache: 60 }); }
  }
  export const one = (id: number) => db.m1.findUnique({ where: { id } });
  export const included = (id: number) => db.m1.findUniqueOrThrow({ where: { id }, include: { prev: true } });
  export const first = () => db.m1.findFirst({ cache: 60 });
  export const grouped = () => db.m1.groupBy({ by: ['name'], _count: true, cache: 60 });
  export const counted = () => db.m1.count({ cache: 60 });
  export const cached = () => db.$cached({ ttl: 60 });
  export const fluent = (id: number) => db.m1.findUnique({ where: { id } }).next();
  export const inTransaction = (tx: Tx) => tx.m1.create({ data: { name: 'a', prevId: 1 } });
  export const awaited = async (id: number) => db.m1.update({ where: { id }, data: { name: 'x' } });
`;
const USE = `
  import { annotated, type Db, db, first, fluent, included, one, rename, Service, type Tx } from './client.js';
  declare const given: Db;
  export const use = async (tx: Tx) => {
    const name: string | null = (await rename(1)).name;
    const id: number | undefined = (await one(1))?.id;
    const prev: number = (await included(1)).prev.id;
    const found: string | null | undefined = (await first())?.name;
    const ids: number[] | undefined = (await fluent(1))?.map((row) => row.id);
    const count: number = await tx.m1.count();
    const rows: (string | null)[] = (await new Service().rows()).map((row) => row.name);
    const picked: { id: number }[] = await annotated.m1.findMany({ select: { id: true }, cache: '5m' });
    // @ts-expect-error a misspelt option
    given.m1.findMany({ cache: { tll: 5 } });
    // @ts-expect-error a misspelt option
    annotated.m1.findMany({ cache: { tll: 5 } });
    await db.$cache.clear();
    return [name, id, prev, found, ids, count, rows, picked];
  };
`;
const ISOLATED = `
  import { type CachetasticClient, cachetastic } from '@cachetastic/prisma-extension';
  import type { PrismaClient } from './generated/client.js';
  export function makeDb(base: PrismaClient): CachetasticClient<PrismaClient> { return base.$extends(cachetastic()); }
  export class Service {
    readonly db: CachetasticClient<PrismaClient>;
    constructor(base: PrismaClient) { this.db = base.$extends(cachetastic()); }
  }
  export interface Db extends CachetasticClient<PrismaClient> {}
`;

describe('an application that emits declarations', () => {
  const homes = new Map<number, string>();
  beforeAll(async () => {
    for (const models of [4, 130]) homes.set(models, await applicationOf(models));
  }, 600_000);

  it.each(COMPILERS)(
    'exports its client with its types, with %s',
    async (compiler) => {
      const home = homes.get(4) ?? expect.unreachable();
      await writeFile(join(home, 'client.ts'), CLIENT + MORE);
      const out = `out-${compiler}`;

      expect(await emit(compiler, home, out, ['client.ts'])).toBe('');

      await writeFile(join(home, out, 'package.json'), '{ "type": "module" }');
      await writeFile(join(home, out, 'use.ts'), USE);
      expect(await compile(compiler, home, ['--noEmit', '--module', 'nodenext', `${out}/use.ts`])).toBe('');
    },
    600_000,
  );

  it.each(COMPILERS)(
    'exports a client of 130 models with %s',
    async (compiler) => {
      const home = homes.get(130) ?? expect.unreachable();
      await writeFile(join(home, 'client.ts'), CLIENT);

      expect(await emit(compiler, home, `out-${compiler}`, ['client.ts'])).toBe('');
    },
    600_000,
  );

  it.each(COMPILERS)(
    'may be CommonJS, composite and with isolated declarations, with %s',
    async (compiler) => {
      const home = homes.get(4) ?? expect.unreachable();
      // Prisma's own output has no annotations: it belongs to no project of ours.
      await writeFile(
        join(home, 'isolated.cts'),
        ISOLATED.replaceAll("'./generated/client.js'", "'./client-types.js'"),
      );
      await writeFile(join(home, 'client-types.ts'), "export type { PrismaClient } from './generated/client.js';");
      const isolated = ['--isolatedDeclarations', 'isolated.cts'];

      const errors = await emit(compiler, home, `isolated-${compiler}`, isolated);
      expect(errors.split('\n').filter((line) => line !== '' && !line.startsWith('generated/'))).toEqual([]);
    },
    600_000,
  );
});

function emit(compiler: string, home: string, out: string, parameters: readonly string[]): Promise<string> {
  const options = ['--declaration', '--emitDeclarationOnly', '--rootDir', '.', '--outDir', out, '--module', 'nodenext'];
  return compile(compiler, home, [...options, '--types', 'node', ...parameters]);
}

async function applicationOf(models: number): Promise<string> {
  const home = await install({ optionalPeers: true });
  for (const name of ['@types/node', '@prisma/client-runtime-utils']) await link(home, name);
  await writeFile(join(home, 'package.json'), '{ "type": "module" }');
  await writeFile(join(home, 'schema.prisma'), schemaOf(models));
  const prisma = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, ...process.env };
  await run(process.execPath, [prisma, 'generate', '--schema', 'schema.prisma'], { cwd: home, env });
  return home;
}
