import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));
export const PACKAGES: readonly string[] = ['core', 'drizzle', 'prisma-extension'];

export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Packed {
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly files: readonly string[];
}

let folder: string;
const packed = new Map<string, Packed>();

/** Builds and packs every package. {@link removeTarballs} ends it. */
export async function packAll(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'cachetastic-packed-'));
  await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-b'], { cwd: ROOT });
  for (const name of PACKAGES) packed.set(name, await pack(join(ROOT, 'packages', name)));
}

/** Removes the tarballs and all that was installed from them. */
export function removeTarballs(): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

export function tarball(name: string): Packed {
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
export async function install({ optionalPeers }: { optionalPeers: boolean }): Promise<string> {
  const home = await mkdtemp(join(folder, 'home-'));
  const modules = join(home, 'node_modules');
  const ours = PACKAGES.map((name) => tarball(name));

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
