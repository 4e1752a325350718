import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, sharedRedis, type TestDatabase, uniqueNamespace } from '../test/support/services/index.js';
import { Project, pack, type Tarballs } from './project.js';
import { visit } from './visit.js';

const CORE = '@cachetastic/core';
const PRISMA = '@cachetastic/prisma-extension';
const DRIZZLE = '@cachetastic/drizzle';

let folder: string;
let tarballs: Tarballs;
let database: TestDatabase;
let redis: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cachetastic-tarballs-'));
  tarballs = await pack(folder);
  redis = await sharedRedis();
  database = await createDatabase('create table "Post" (id integer primary key, title text not null)');
});
afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() =>
  database.execute(`insert into "Post" values (1, 'first') on conflict (id) do update set title = 'first'`),
);

/** The environment of one run: with Redis, or in the process alone. */
const environment = (withRedis: boolean): NodeJS.ProcessEnv => ({
  DATABASE_URL: database.url,
  REDIS_URL: withRedis ? redis : '',
  NAMESPACE: uniqueNamespace(),
});

const RIGHT = {
  first: expect.stringMatching(/^first\|/),
  hit: expect.stringMatching(/^first\|hit\|/),
  // Page and route are two modules of the application. Under Turbopack each has a client of its own.
  afterWrite: 'second|miss|invalidated',
  ended: true,
};

describe('Next.js 16 in production', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.install('next', tarballs, [CORE, PRISMA], { NEXT_TELEMETRY_DISABLED: '1' });
    await project.generate();
  });
  afterAll(() => project?.remove());

  const next = (): string => project.program('next/dist/bin/next');

  for (const bundler of ['turbopack', 'webpack']) {
    it(`${bundler}: a page is a hit, and fresh after a route handler wrote, with and without Redis`, async () => {
      await project.run(process.execPath, [next(), 'build', `--${bundler}`], environment(false));

      for (const withRedis of [false, true]) {
        const seen = await visit(project, (port) => [next(), 'start', '-p', String(port)], environment(withRedis));
        expect(seen).toEqual(RIGHT);
        await database.execute(`update "Post" set title = 'first'`);
      }
    });

    it(`${bundler}, standalone: the image holds what the URL of a Redis needs`, async () => {
      await project.run(process.execPath, [next(), 'build', `--${bundler}`], {
        ...environment(false),
        STANDALONE: '1',
      });

      expect(await visit(project, () => ['.next/standalone/server.js'], environment(true))).toEqual(RIGHT);
    });
  }
});

describe('NestJS 11, CommonJS with declarations', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.install('nest', tarballs, [CORE, PRISMA], {});
    await project.generate();
    await project.run(process.execPath, [project.program('typescript/bin/tsc'), '-p', 'tsconfig.json']);
  });
  afterAll(() => project?.remove());

  it.each([false, true])(
    'a request is a hit, is fresh after a write, and the process ends (Redis: %s)',
    async (withRedis) => {
      expect(await visit(project, () => ['dist/main.js'], environment(withRedis))).toEqual(RIGHT);
    },
  );
});

describe('esbuild', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.install('esbuild', tarballs, [CORE, DRIZZLE], {});
  });
  afterAll(() => project?.remove());

  const REQUIRE =
    "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

  it.each([
    ['CommonJS, packages bundled', 'cjs', ['--external:pg-native']],
    ['ESM, packages bundled', 'esm', ['--external:pg-native', `--banner:js=${REQUIRE}`]],
    ['CommonJS, packages outside', 'cjs', ['--packages=external']],
  ] as const)('%s: hits, invalidates, and ends by itself', async (_, format, flags) => {
    const bundled = flags[0] !== '--packages=external';
    // Alone in a folder, a bundle finds no `node_modules`.
    const home = bundled ? await mkdtemp(join(tmpdir(), 'cachetastic-bundle-')) : project.folder;
    const file = join(home, format === 'cjs' ? 'app.cjs' : 'app.mjs');
    await project.run(project.program('esbuild/bin/esbuild'), [
      'app.ts',
      '--bundle',
      '--platform=node',
      `--format=${format}`,
      `--outfile=${file}`,
      '--log-level=error',
      ...flags,
    ]);

    for (const withRedis of [false, true]) {
      const printed = await project.run(process.execPath, [file, 'second'], environment(withRedis));
      const lines = printed.trim().split('\n');

      expect(lines).toEqual([expect.stringMatching(/^first\|/), 'first|hit|', 'second|miss|invalidated']);
      await database.execute(`update "Post" set title = 'first'`);
    }
    if (bundled) await rm(home, { recursive: true, force: true });
  });
});
