import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load } from '../settings.js';
import type { Reply, Request, Setup } from './messages.js';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../support/second-process/tsconfig.json', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

type Task = Request extends infer Each ? (Each extends Request ? Omit<Each, 'id'> : never) : never;

/** An application in a process of its own. */
export class Application {
  readonly setup: Setup;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #requests = 0;

  /** Starts it, and opens its cache. */
  static async start(setup: Setup): Promise<Application> {
    const application = new Application(setup);
    await application.#send({ task: 'open', setup });
    return application;
  }

  private constructor(setup: Setup) {
    this.setup = setup;
    this.#child = fork(MAIN, {
      cwd: ROOT,
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG },
    });
    this.#child.on('message', ({ id, error }: Reply) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve();
      else waiting?.reject(new Error(error));
    });
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The process ended (${signal ?? code})`));
      this.#waiting.clear();
    });
  }

  get process(): ChildProcess {
    return this.#child;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  work(load: Load): Promise<void> {
    return this.#send({ task: 'start', load });
  }

  /** Resolves when nothing is under way. */
  rest(): Promise<void> {
    return this.#send({ task: 'stop' });
  }

  /** It kills itself as soon as the database has answered a statement that matches. */
  dieAfter(statement: RegExp): Promise<void> {
    return this.#send({ task: 'die-after', statement: statement.source });
  }

  /** Freezes it: it hears nothing and answers nothing until it is resumed. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.ended) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Closes its client and ends it. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.resume();
    await this.#send({ task: 'close' });
    await this.kill();
  }

  #send(task: Task): Promise<void> {
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ ...task, id }, (error) => {
        if (error === null) return;
        this.#waiting.delete(id);
        reject(error);
      });
    });
  }
}
