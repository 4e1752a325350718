// Brings a clone to where it can run: installs, builds and generates what is missing or out of date, and nothing else.
// Plain Node without dependencies, because it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What every command of ours runs with. */
export const environment = {
  ...process.env,
  // `prisma generate` fetches this engine unless it is named, and never runs it: migrations do, and we have none.
  PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY || process.execPath,
  PRISMA_SKIP_POSTINSTALL_GENERATE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
};

/** Prepares the folders in which the caller will run something. */
export function prepare(folders = ['test', 'examples', 'bench']) {
  install();
  run('Building the packages', process.execPath, [packageFile('typescript', 'bin/tsc'), '-b']);
  for (const folder of folders) for (const schema of schemasIn(join(root, folder))) generate(schema);
}

function install() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.error('Installing dependencies, once; this can take a minute …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run('Installing dependencies', npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Generates the clients of a schema with the Prisma that its folder would import. */
function generate(schema) {
  const prisma = packageFile('prisma', 'build/index.js', schema);
  const text = readFileSync(schema, 'utf8');
  const outputs = [...text.matchAll(/^\s*output\s*=\s*"(.+)"/gm)].map(([, path]) => resolve(dirname(schema), path));
  const state = createHash('sha256')
    .update(`${prisma}\n${versionOf(prisma)}\n${text}`)
    .digest('hex');
  const name = relative(root, schema).replaceAll(/[^\w.-]+/g, '_');
  const stamp = join(root, 'node_modules', '.cache', 'cachetastic', `${name}.sha256`);
  if (outputs.every(existsSync) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;

  console.error(`Generating the Prisma clients of ${relative(root, schema)} …`);
  run(`Generating from ${schema}`, process.execPath, [prisma, 'generate', '--schema', schema], dirname(schema));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

function schemasIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return entry.name === 'schema.prisma' ? [path] : [];
    return ['node_modules', 'generated', 'dist'].includes(entry.name) ? [] : schemasIn(path);
  });
}

function packageFile(name, file, importer = join(root, 'package.json')) {
  return join(dirname(createRequire(importer).resolve(`${name}/package.json`)), file);
}

function versionOf(prisma) {
  return JSON.parse(readFileSync(join(dirname(prisma), '..', 'package.json'), 'utf8')).version;
}

/** Runs a step quietly: what it printed is shown only if it failed. */
function run(step, command, parameters, cwd = root) {
  const result = spawnSync(command, parameters, { cwd, env: environment, encoding: 'utf8' });
  if (result.status === 0) return;
  console.error(`${step} failed:\n${result.error ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`);
  process.exit(1);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) prepare();
