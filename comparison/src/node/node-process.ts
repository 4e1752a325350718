import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Origin } from '../origin.js';
import type { Answer, CacheNode, Written } from './cache-node.js';
import type { Message, Request, Setup } from './messages.js';
import type { Call } from './traffic.js';
import type { Sighting } from './watch.js';
import { Wire } from './wire.js';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** How long a cache may take to close before its process is ended, in milliseconds. */
const CLOSING = 1_000;

/** Thrown by every call to a node whose process ended by itself. */
export class NodeCrashedError extends Error {
  override readonly name = 'NodeCrashedError';
}

/** A node in a process of its own. */
export class NodeProcess implements CacheNode {
  readonly #child: ChildProcess;
  readonly #wire: Wire;
  #ended: NodeCrashedError | undefined;
  #said = '';

  /** Starts it and opens its cache. */
  static async start(setup: Setup, origin: Origin): Promise<NodeProcess> {
    const started = new NodeProcess(origin);
    await started.#ask('open', setup);
    return started;
  }

  private constructor(origin: Origin) {
    // Only what it says on its way out is of interest: the reason of a crash.
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
    this.#child = fork(MAIN, { execArgv: ['--import', 'tsx'], serialization: 'advanced', stdio: [...stdio] });
    this.#wire = new Wire(
      (message) => this.#child.send(message, (error) => error && this.#wire.end(this.#ended ?? error)),
      ({ task, input }: Request) => {
        if (task !== 'load' && task !== 'raise') return Promise.reject(new Error(`Not to be asked of rows: ${task}`));
        return origin[task](String(input));
      },
    );
    this.#child.on('message', (message: Message) => this.#wire.receive(message));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk.toString()}`.slice(-8_192);
    });
    this.#child.on('close', (code, signal) => {
      this.#ended = new NodeCrashedError(reasonOf(this.#said) ?? `ended with ${signal ?? code}`);
      this.#wire.end(this.#ended);
    });
  }

  read(key: string): Promise<Answer> {
    return this.#ask('read', key) as Promise<Answer>;
  }

  write(key: string): Promise<Written> {
    return this.#ask('write', key) as Promise<Written>;
  }

  async startTraffic(): Promise<void> {
    await this.#ask('startTraffic', undefined);
  }

  stopTraffic(patience: number): Promise<readonly Call[]> {
    return this.#ask('stopTraffic', patience) as Promise<readonly Call[]>;
  }

  async startWatch(keys: readonly string[]): Promise<void> {
    await this.#ask('startWatch', keys);
  }

  sightings(): Promise<readonly Sighting[]> {
    return this.#ask('sightings', undefined) as Promise<readonly Sighting[]>;
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const ended = once(this.#child, 'close');
    // A cache that cannot close without Redis must not hold up the others, nor what comes next.
    await Promise.race([this.#ask('close', undefined).catch(() => undefined), delay(CLOSING)]);
    this.#child.kill('SIGKILL');
    await ended;
  }

  #ask(task: Request['task'], input: unknown): Promise<unknown> {
    return this.#ended === undefined ? this.#wire.ask(task, input) : Promise.reject(this.#ended);
  }
}

/** The name of the error that ended a process, out of what Node printed. */
function reasonOf(said: string): string | undefined {
  return said
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => /^(\w+: )?\w*Error\b.*/.test(line));
}
