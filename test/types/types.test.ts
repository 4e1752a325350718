import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** The tests of the second generation of Drizzle have the package itself see that generation. */
const PROJECTS = [import.meta.dirname, join(import.meta.dirname, '../drizzle-1')];

it.each([
  ['oldest', 'typescript', /^Version 5\.9\./],
  ['newest', 'typescript-newest', /^Version 7\./],
])(
  'the type tests hold with the %s TypeScript',
  async (_, name, version) => {
    const tsc = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'tsc');

    expect(await output(tsc, ['--version'])).toMatch(version);
    for (const project of PROJECTS) expect(await output(tsc, ['--noEmit', '-p', project])).toBe('');
  },
  // A busy machine gives a compiler a tenth of a core.
  900_000,
);

/** What the compiler prints, which is nothing if it finds nothing wrong. */
async function output(tsc: string, parameters: readonly string[]): Promise<string> {
  return run(process.execPath, [tsc, ...parameters]).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string; readonly message: string }) => error.stdout || error.message,
  );
}
