import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFolder } from './identity.js';
import type { Program } from './recipe.js';
import { unpackOnce } from './unpack-once.js';

const run = promisify(execFile);

/** Libraries that every Debian system has, and that must be its own. */
const SYSTEM = /^(libc6|libgcc-s1|libstdc\+\+6|libcrypt1)$/;

/** What to unpack of Debian. */
export interface DebianServer {
  /** Names the folder where it is kept. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Those of the packages that these depend on which are of the server itself; libraries always are. */
  readonly family: RegExp;
  /** Where the server is, below `usr`. */
  readonly bin: 'bin' | 'sbin';
}

/**
 * Unpacks a server of Debian's with the libraries it needs. Nothing is installed and root is not needed.
 *
 * @throws If this is no Debian-like system, or its packages cannot be reached.
 */
export async function unpackDebian({ name, packages, family, bin }: DebianServer): Promise<Program> {
  const folder = join(packageFolder(), `${name}-${process.arch}`);
  await unpackOnce(folder, async (part) => {
    const debs = join(part, 'debs');
    await mkdir(debs);
    const apt = await aptOptions(part);
    const { stdout } = await run('apt-cache', [...apt, 'depends', '--recurse', '--important', ...packages]);
    const found = new Set(stdout.match(/^[\w.+-]+/gm) ?? []);
    const names = [...found].filter((each) => (each.startsWith('lib') || family.test(each)) && !SYSTEM.test(each));
    await run('apt-get', [...apt, 'download', ...names], { cwd: debs });
    for (const deb of await readdir(debs)) await run('dpkg', ['-x', join(debs, deb), join(part, 'root')]);
    for (const used of ['debs', 'apt']) await rm(join(part, used), { recursive: true });
  });
  const root = join(folder, 'root');
  const libraries = await libraryFolders(join(root, 'usr', 'lib'));
  return {
    bin: join(root, 'usr', bin),
    environment: { LD_LIBRARY_PATH: [...libraries, ...(await libraryFolders(join(root, 'lib')))].join(':') },
  };
}

/** Package lists of our own, because a container image usually comes without any and only root may fetch the system's. */
async function aptOptions(part: string): Promise<readonly string[]> {
  const state = join(part, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(state, 'status'), '');
  const options = [
    ...['-o', `Dir::State=${state}`, '-o', `Dir::State::Lists=${join(state, 'lists')}`],
    ...['-o', `Dir::State::status=${join(state, 'status')}`, '-o', `Dir::Cache=${join(state, 'cache')}`],
    // Otherwise apt, as root, downloads as a user that cannot write here.
    ...['-o', 'APT::Sandbox::User=root', '-qq'],
  ];
  await run('apt-get', [...options, 'update']);
  return options;
}

async function libraryFolders(root: string): Promise<readonly string[]> {
  const names = await readdir(root, { withFileTypes: true }).catch(() => []);
  return [root, ...names.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name))];
}
