import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { serverIdentity, temporaryFolder } from './identity.js';
import { signalTree } from './process-tree.js';
import type { Program, Recipe } from './recipe.js';
import type { Address, RestartOptions, Service } from './service.js';
import { GiveUp, waitUntil } from './wait-until.js';

const HOST = '127.0.0.1';

/** Starts a private server on a free port, in a folder of its own, never as root. */
export async function startLocalServer(
  recipe: Recipe,
  program: Program,
  provider: 'binary' | 'package',
): Promise<Service> {
  const server = new LocalServer(recipe, program, provider, await makeFolder(), await freePort());
  try {
    await server.restart();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class LocalServer implements Service {
  readonly host = HOST;
  readonly port: number;
  readonly url: string;
  readonly provider: 'binary' | 'package';
  readonly peer: Address;
  readonly #recipe: Recipe;
  readonly #program: Program;
  readonly #folder: string;
  #running: { readonly pid: number; readonly server: ChildProcess; readonly reaper: ChildProcess } | undefined;

  constructor(recipe: Recipe, program: Program, provider: 'binary' | 'package', folder: string, port: number) {
    this.#recipe = recipe;
    this.#program = program;
    this.#folder = folder;
    this.port = port;
    this.url = recipe.url(HOST, port);
    this.provider = provider;
    this.peer = { host: HOST, port };
  }

  async pause(): Promise<void> {
    signalTree(this.#pid(), 'SIGSTOP');
  }

  async resume(): Promise<void> {
    signalTree(this.#pid(), 'SIGCONT');
  }

  async kill(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    if (running.server.exitCode === null && running.server.signalCode === null) {
      const ended = once(running.server, 'exit');
      // A process that waits for this may have nothing else that keeps it alive.
      running.server.ref();
      signalTree(running.pid, 'SIGKILL');
      await ended;
    }
    running.reaper.kill('SIGKILL');
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    await this.kill();
    const data = join(this.#folder, 'data');
    if (options.empty === true) await rm(data, { recursive: true, force: true });
    const identity = serverIdentity();
    if ((await mkdir(data, { recursive: true, mode: 0o700 })) !== undefined) {
      if (identity.uid !== undefined && identity.gid !== undefined) await chown(data, identity.uid, identity.gid);
      await this.#recipe.prepare(this.#program, data, identity);
    }

    const log = await open(join(this.#folder, 'log'), 'w');
    const server = spawn(
      join(this.#program.bin, this.#recipe.executable),
      this.#recipe.arguments(data, this.port),
      // Detached: Ctrl-C is for the test runner, which ends its servers itself.
      {
        ...identity,
        cwd: data,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        env: { ...process.env, ...this.#program.environment },
      },
    );
    await once(server, 'spawn');
    await log.close();
    server.unref();
    this.#running = { pid: pidOf(server), server, reaper: startReaper(pidOf(server), this.#folder) };
    await waitUntil(`${this.#recipe.name} on port ${this.port}`, () => this.#check(server));
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #check(server: ChildProcess): Promise<void> {
    if (server.exitCode === null && server.signalCode === null) return this.#recipe.check(HOST, this.port);
    const log = await readFile(join(this.#folder, 'log'), 'utf8');
    throw new GiveUp(`${this.#recipe.name} ended at once: ${log.trim().split('\n').slice(-5).join('\n')}`);
  }

  #pid(): number {
    if (this.#running === undefined) throw new Error(`${this.#recipe.name} is not running`);
    return this.#running.pid;
  }
}

function pidOf(process: ChildProcess): number {
  if (process.pid === undefined) throw new Error(`${process.spawnfile} did not start`);
  return process.pid;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(temporaryFolder(), 'cachetastic-test-'));
  const { uid, gid } = serverIdentity();
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

/**
 * A shell that waits for this process to end, by whatever cause (its standard input then closes), and ends the server after it.
 * An exit handler would not run after SIGKILL, and test runners do kill their workers.
 */
function startReaper(pid: number, folder: string): ChildProcess {
  const script = 'cat >/dev/null; kill -INT "$0"; kill -CONT "$0"; sleep 1; kill -KILL "$0"; rm -rf "$1"';
  const reaper = spawn('sh', ['-c', script, String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  // A pipe to a child keeps the event loop alive unless told otherwise.
  if (reaper.stdin !== null && 'unref' in reaper.stdin && typeof reaper.stdin.unref === 'function') {
    reaper.stdin.unref();
  }
  return reaper;
}
