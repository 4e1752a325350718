import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = ['core', 'drizzle', 'prisma-extension'];

const { engines: ROOT_ENGINES } = require('../../package.json') as Manifest;

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

interface Packed {
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly files: readonly string[];
}

let folder: string;
const packed = new Map<string, Packed>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cachetastic-packed-'));
  await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-b'], { cwd: ROOT });
  for (const name of PACKAGES) packed.set(name, await pack(join(ROOT, 'packages', name)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(PACKAGES)('the tarball of %s', (name) => {
  it('holds the build, its sources and the licence, and nothing else', () => {
    const { files } = tarball(name);

    expect(files).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']),
    );
    expect(
      files.filter((file) => !/^(package\.json|LICENSE|README\.md|(dist|src)\/.+\.(js|ts|map))$/.test(file)),
    ).toEqual([]);
  });

  it('says what it is and what it needs', () => {
    const { manifest } = tarball(name);

    expect(manifest).toMatchObject({ license: 'MIT', type: 'module', sideEffects: false, engines: ROOT_ENGINES });
    expect(manifest.description).toMatch(/^[A-Z].{20,100}[^.]$/);
    expect(manifest.keywords).toEqual(expect.arrayContaining(['cache', 'invalidation', 'redis']));
    for (const entry of Object.values(manifest.exports)) {
      if (typeof entry === 'object') expect(Object.keys(entry ?? {})).toEqual(['types', 'default']);
    }
  });

  it('passes publint', async () => {
    const buffer = await readFile(tarball(name).tarball);
    const { messages } = await publint({
      pack: { tarball: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) },
      strict: true,
    });

    expect(messages).toEqual([]);
  });

  it('gives its types to every module resolution that can load it', async () => {
    const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist', 'index.js');
    const parameters = [attw, tarball(name).tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'];

    // It exits with an error, which holds its table, if it finds a problem.
    await expect(run(process.execPath, parameters)).resolves.toBeDefined();
  });

  it('loads at every entry point', async () => {
    const { manifest } = tarball(name);
    const home = await install([...PACKAGES], { optionalPeers: true });
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');

    for (const entry of entries) {
      expect(await exportsOf(join(manifest.name, entry), home), entry).not.toEqual([]);
    }
  });

  it('loads without any optional peer', async () => {
    const { manifest } = tarball(name);
    const home = await install([...PACKAGES], { optionalPeers: false });

    await expect(exportsOf('ioredis', home)).rejects.toThrow('ERR_MODULE_NOT_FOUND');
    expect(await exportsOf(manifest.name, home)).not.toEqual([]);
  });
});

it.each([
  ['0.45', ROOT],
  ['1.0', join(ROOT, 'test/drizzle-1')],
])(
  'the tarball of drizzle tells the compiler what `$withCache` takes in Drizzle %s',
  async (_, generation) => {
    const home = await install([...PACKAGES], { optionalPeers: false });
    await rm(join(home, 'node_modules/drizzle-orm'));
    await symlink(join(generation, 'node_modules/drizzle-orm'), join(home, 'node_modules/drizzle-orm'));
    await writeFile(join(home, 'package.json'), '{ "type": "module" }');
    await writeFile(join(home, 'queries.ts'), QUERIES);
    const options = ['--strict', '--skipLibCheck', '--noEmit', '--module', 'nodenext', '--target', 'es2023'];

    const tsc = run(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, 'queries.ts'], { cwd: home });

    await expect(tsc.then(({ stdout }) => stdout)).resolves.toBe('');
  },
  60_000,
);

const QUERIES = [
  ['mysql', 'MySqlRemoteDatabase'],
  ['pg', 'PgRemoteDatabase'],
  ['sqlite', 'SqliteRemoteDatabase'],
]
  .map(
    ([dialect, database]) => `
      import '@cachetastic/drizzle';
      import type { ${database} } from 'drizzle-orm/${dialect}-proxy';
      import { ${dialect}Table, text as ${dialect}Text } from 'drizzle-orm/${dialect}-core';
      const ${dialect}Users = ${dialect}Table('users', { name: ${dialect}Text('name') });
      declare const ${dialect}: ${database};
      ${dialect}.select().from(${dialect}Users).$withCache({ ttl: '5m' });
      // @ts-expect-error a misspelt option
      ${dialect}.select().from(${dialect}Users).$withCache({ tll: '5m' });`,
  )
  .join('');

function tarball(name: string): Packed {
  const found = packed.get(name);
  if (found === undefined) throw new Error(`${name} is not packed`);
  return found;
}

async function pack(source: string): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: source,
  });
  const report: unknown = JSON.parse(stdout);
  // An array of packages in older npm versions, an object by name in newer ones.
  const [result] = Object.values(report as Record<string, { filename: string; files: { path: string }[] }>);
  if (result === undefined) throw new Error(`npm packed nothing: ${stdout}`);
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as Manifest;
  return { manifest, tarball: join(folder, result.filename), files: result.files.map((file) => file.path) };
}

/** Unpacks our tarballs into a fresh node_modules, beside links to what they depend on: an installation without a network. */
async function install(names: readonly string[], { optionalPeers }: { optionalPeers: boolean }): Promise<string> {
  const home = await mkdtemp(join(folder, 'home-'));
  const modules = join(home, 'node_modules');
  const ours = names.map((name) => tarball(name));

  for (const { manifest, tarball: file } of ours) {
    const target = join(modules, manifest.name);
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', file, '-C', target, '--strip-components=1']);
  }
  for (const dependency of new Set(ours.flatMap(({ manifest }) => dependenciesOf(manifest, optionalPeers)))) {
    if (ours.some(({ manifest }) => manifest.name === dependency)) continue;
    await mkdir(dirname(join(modules, dependency)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', dependency), join(modules, dependency));
  }
  return home;
}

function dependenciesOf(manifest: Manifest, optionalPeers: boolean): readonly string[] {
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const peers = Object.keys(peerDependencies).filter(
    (peer) => optionalPeers || peerDependenciesMeta[peer]?.optional !== true,
  );
  return [...Object.keys(dependencies), ...peers];
}

/** The names that a module exports, loaded by a process of its own in `home`. */
async function exportsOf(specifier: string, home: string): Promise<readonly string[]> {
  const script = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(specifier)}))))`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: home });
  return JSON.parse(stdout) as readonly string[];
}
