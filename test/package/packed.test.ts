import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install, type Manifest, PACKAGES, packAll, removeTarballs, tarball } from './installation.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

const { engines: ROOT_ENGINES } = require('../../package.json') as Manifest;

beforeAll(packAll);
afterAll(removeTarballs);

describe.each(PACKAGES)('the tarball of %s', (name) => {
  it('contains the build, its sources and the licence, and nothing else', () => {
    const { files } = tarball(name);

    expect(files).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']),
    );
    expect(
      files.filter(
        (file) =>
          !/^(package\.json|LICENSE|README\.md|(dist|src)\/.+\.(js|ts|map)|commonjs\/[\w-]+\.(cjs|d\.cts))$/.test(file),
      ),
    ).toEqual([]);
  });

  it('describes the package and its requirements', () => {
    const { manifest } = tarball(name);

    expect(manifest).toMatchObject({ license: 'MIT', type: 'module', sideEffects: false, engines: ROOT_ENGINES });
    expect(manifest.description).toMatch(/^[A-Z].{20,100}[^.]$/);
    expect(manifest.keywords).toEqual(expect.arrayContaining(['cache', 'invalidation', 'redis']));
    for (const entry of Object.values(manifest.exports)) {
      if (typeof entry === 'object') expect(Object.keys(entry ?? {}).slice(-2)).toEqual(['types', 'default']);
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

  it('has types for every module resolution that can load it', async () => {
    const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist', 'index.js');
    const parameters = [attw, tarball(name).tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'];

    // It exits with an error, which holds its table, if it finds a problem.
    await expect(run(process.execPath, parameters)).resolves.toBeDefined();
  });

  it('loads at every entry point', async () => {
    const { manifest } = tarball(name);
    const home = await install({ optionalPeers: true });
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');

    for (const entry of entries) {
      expect(await exportsOf(join(manifest.name, entry), home), entry).not.toEqual([]);
    }
  });

  it('loads without any optional peer', async () => {
    const { manifest } = tarball(name);
    const home = await install({ optionalPeers: false });

    await expect(exportsOf('ioredis', home)).rejects.toThrow('ERR_MODULE_NOT_FOUND');
    expect(await exportsOf(manifest.name, home)).not.toEqual([]);
  });
});

it('a Redis URL is refused at construction if the package `ioredis` is not installed', async () => {
  const home = await install({ optionalPeers: false });
  const script = "const { redis } = await import('@cachetastic/core/redis'); redis({ url: 'redis://localhost' })";

  await expect(run(process.execPath, ['--input-type=module', '--eval', script], { cwd: home })).rejects.toThrow(
    'npm install ioredis',
  );
});

/** The names that a module exports, loaded by a process of its own in `home`. */
async function exportsOf(specifier: string, home: string): Promise<readonly string[]> {
  const script = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(specifier)}))))`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: home });
  return JSON.parse(stdout) as readonly string[];
}
