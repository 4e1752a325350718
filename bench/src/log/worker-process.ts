import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Reply, Request } from './messages.js';
import type { OpenOptions, Tasks } from './tasks.js';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

type Input<Name extends keyof Tasks> = Parameters<Tasks[Name]>[0];
type Output<Name extends keyof Tasks> = Awaited<ReturnType<Tasks[Name]>>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Another Node process with a cache of its own. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** Starts it. Resolves when its cache hears of changes. */
  static async start(options: OpenOptions): Promise<WorkerProcess> {
    const worker = new WorkerProcess();
    await worker.call('open', options);
    return worker;
  }

  private constructor() {
    this.#child = fork(WORKER, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
    this.#child.on('message', ({ id, ...reply }: Reply) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (reply.ok) waiting?.resolve(reply.value);
      else waiting?.reject(new Error(reply.error));
    });
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`A worker ended (${signal ?? code}).`));
      this.#waiting.clear();
    });
  }

  /** Lets it do `task`. Rejects with what that rejected with, as text. */
  call<Name extends keyof Tasks>(
    task: Name,
    ...[input]: undefined extends Input<Name> ? [] : [Input<Name>]
  ): Promise<Output<Name>> {
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as Output<Name>), reject });
      this.#child.send({ id, task, input } satisfies Request, (error) => error && reject(error));
    });
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    await this.call('close');
    this.#child.disconnect();
    await ended;
  }
}
