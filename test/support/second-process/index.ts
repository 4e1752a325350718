import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Reply, Request, Setup } from './messages.js';
import type { Tasks } from './tasks.js';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('./tsconfig.json', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

type Input<Name extends keyof Tasks> = Parameters<Tasks[Name]>[1];
type Output<Name extends keyof Tasks> = ReturnType<Tasks[Name]>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Another Node process with a client and a cache of its own, on the same database and the same Redis. */
export class SecondProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** Starts it and opens its client. Close it in `afterAll`. */
  static async start(setup: Setup): Promise<SecondProcess> {
    const second = new SecondProcess();
    await second.#send('open', setup);
    return second;
  }

  private constructor() {
    this.#child = fork(MAIN, {
      cwd: ROOT,
      // The tests' sources, like this process; and values that JSON cannot carry.
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG },
    });
    this.#child.on('message', (reply: Reply) => this.#receive(reply));
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`The second process ended (${signal ?? code})`));
      this.#waiting.clear();
    });
  }

  /** Runs a task there. Rejects with what it rejected with, as text. */
  call<Name extends keyof Tasks>(
    task: Name,
    ...[input]: undefined extends Input<Name> ? [] : [Input<Name>]
  ): Output<Name> {
    return this.#send(task, input) as Output<Name>;
  }

  /** Freezes it: it hears nothing and answers nothing until it is resumed. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Closes its client and ends it. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.resume();
    await this.call('close').catch(() => undefined);
    this.#child.kill('SIGKILL');
    await ended;
  }

  #send(task: Request['task'], input: unknown): Promise<unknown> {
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send(
        { id, task, input } satisfies Request,
        (error) => error && this.#receive({ id, ok: false, error: String(error) }),
      );
    });
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new Error(reply.error));
  }
}
