import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** The tarballs of the packages, by name. */
export type Tarballs = Readonly<Record<string, string>>;

/** Packs every package into `folder`, as `npm publish` would. */
export async function pack(folder: string): Promise<Tarballs> {
  const tarballs: Record<string, string> = {};
  for (const name of ['core', 'drizzle', 'prisma-extension']) {
    const { stdout } = await execute(NPM, ['pack', '--json', '--pack-destination', folder], {
      cwd: join(ROOT, 'packages', name),
    });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    tarballs[`@cachetastic/${name}`] = join(folder, filename);
  }
  return tarballs;
}

/** A copy of one consumer outside of this clone, with the packed packages installed as from the registry. */
export class Project {
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#environment = environment;
  }

  /** Copies the consumer `name`, installs it with `packages`, and generates its Prisma client if it has a schema. */
  static async install(
    name: string,
    tarballs: Tarballs,
    packages: readonly string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), `cachetastic-consumer-${name}-`));
    await cp(join(ROOT, 'consumers', name), folder, { recursive: true });
    const path = join(folder, 'package.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { dependencies: Record<string, string> };
    for (const each of packages) manifest.dependencies[each] = `file:${tarballs[each]}`;
    await writeFile(path, JSON.stringify(manifest, undefined, 2));
    const project = new Project(folder, { ...process.env, ...environment });
    await project.run(NPM, ['install', '--no-audit', '--no-fund', '--loglevel=error']);
    return project;
  }

  /** The program of an installed package. */
  program(path: string): string {
    return join(this.folder, 'node_modules', path);
  }

  async generate(): Promise<void> {
    const schema = join('prisma', 'schema.prisma');
    await this.run(process.execPath, [this.program('prisma/build/index.js'), 'generate', '--schema', schema]);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Runs a command to its end. @returns What it printed. @throws with its output if it fails. */
  async run(command: string, parameters: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const options = { cwd: this.folder, env: { ...this.#environment, ...environment }, maxBuffer: 1 << 26 };
    try {
      return (await execute(command, parameters, options)).stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${parameters.join(' ')} failed:\n${stdout.slice(-4_000)}${stderr.slice(-4_000)}`, {
        cause: error,
      });
    }
  }

  /** Starts a server. */
  start(parameters: readonly string[], environment: NodeJS.ProcessEnv): Server {
    return new Server(
      spawn(process.execPath, parameters, {
        cwd: this.folder,
        env: { ...this.#environment, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }
}

/** A server that a consumer runs. */
export class Server {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (data: Buffer) => this.#keep(data));
    child.stderr?.on('data', (data: Buffer) => this.#keep(data));
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  /** The end of what it printed. */
  get output(): string {
    return this.#output.slice(-2_000);
  }

  /** Asks it to end. @returns whether it did, within `patience` milliseconds; otherwise it is killed. */
  async stop(patience: number): Promise<boolean> {
    this.#child.kill('SIGTERM');
    const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), patience).unref());
    const inTime = (await Promise.race([this.#ended, late])) !== 'late';
    if (!inTime) this.#child.kill('SIGKILL');
    return inTime;
  }

  #keep(data: Buffer): void {
    this.#output = (this.#output + data.toString()).slice(-20_000);
  }
}
