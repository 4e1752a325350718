import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const TSCONFIG = fileURLToPath(new URL('./tsconfig.json', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** One thing that a process can be asked to do. What it is given and what it answers is what a message can carry. */
export type Task<Context> = (context: Context, input: never) => Promise<unknown>;

export interface Request {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };

type Input<Work> = Work extends (context: never, input: infer Given) => unknown ? Given : never;
type Output<Work> = Work extends (context: never, input: never) => infer Answer ? Answer : never;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Another Node process, which does the tasks of its program when messages ask for them. */
export class TaskProcess<Tasks extends Record<keyof Tasks, Task<never>>> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** Starts `program`, which serves with `doTasks`, and has it open what `setup` says. Close it in `afterAll`. */
  static async start<Tasks extends Record<keyof Tasks, Task<never>>>(
    program: URL,
    setup: unknown,
  ): Promise<TaskProcess<Tasks>> {
    const started = new TaskProcess<Tasks>(program);
    await started.#send('open', setup);
    return started;
  }

  private constructor(program: URL) {
    this.#child = fork(fileURLToPath(program), {
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
  call<Name extends keyof Tasks & string>(
    task: Name,
    ...[input]: undefined extends Input<Tasks[Name]> ? [] : [Input<Tasks[Name]>]
  ): Output<Tasks[Name]> {
    return this.#send(task, input) as Output<Tasks[Name]>;
  }

  /** Freezes it: it hears nothing and answers nothing until it is resumed. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Closes what it opened and ends it. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.resume();
    await this.#send('close', undefined).catch(() => undefined);
    this.#child.kill('SIGKILL');
    await ended;
  }

  #send(task: string, input: unknown): Promise<unknown> {
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
