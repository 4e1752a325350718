import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The `redis-server` of this machine, or `undefined` if it has none. */
export function findRedisServer(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'redis-server')).find(isExecutable);
}

/** A Redis of our own: on a free port, in memory, gone with this process. So it may be paused and killed. */
export class PrivateRedis {
  readonly url: string;
  readonly #program: string;
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'cachetastic-example-'));
  readonly #cleanUp = (): void => this.#remove();
  #server: ChildProcess | undefined;

  private constructor(program: string, port: number) {
    this.#program = program;
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
    // However this process ends, except by SIGKILL.
    process.on('exit', this.#cleanUp);
  }

  static async start(program: string): Promise<PrivateRedis> {
    const redis = new PrivateRedis(program, await freePort());
    await redis.start();
    return redis;
  }

  /** Starts it, empty. Resolves when it takes connections. */
  async start(): Promise<void> {
    const options = { port: this.#port, bind: '127.0.0.1', dir: this.#folder, save: '', appendonly: 'no' };
    const parameters = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = spawn(this.#program, parameters, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      server.stdout.on('data', (text: Buffer) => {
        if (log.length < 100_000) log += text;
        if (log.includes('Ready to accept connections')) resolve();
      });
      server.once('error', reject);
      server.once('exit', () => reject(new Error(`redis-server did not start:\n${log}`)));
    });
  }

  /** It keeps its connections and answers nothing more. */
  pause(): void {
    this.#server?.kill('SIGSTOP');
  }

  resume(): void {
    this.#server?.kill('SIGCONT');
  }

  /** Ends it without a word, and everything that it held. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    this.#remove();
    process.off('exit', this.#cleanUp);
  }

  #remove(): void {
    this.#server?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
