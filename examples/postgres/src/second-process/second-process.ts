import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lend } from '../database/borrowed.js';
import type { Orm } from '../orm.js';
import type { Stage } from '../stage.js';
import { Line } from './line.js';

/** What the second process is told at its start. */
export interface Start {
  readonly orm: Orm['name'];
  readonly namespace: string;
  readonly redis: string | undefined;
}

/** What it saw of one write, in nanoseconds of the clock that all processes of a machine share. */
export interface Sighting {
  /** When it asked for the last time and was given the old row. */
  readonly lastOld: bigint;
  readonly firstNew: bigint;
  /** When its own memory answered the new row. */
  readonly fromMemory: bigint;
}

/** A process of its own that shares the database and Redis, and nothing else. */
export class SecondProcess {
  readonly #child: ChildProcess;
  readonly #line: Line;
  readonly #kill = (): void => void this.#child.kill('SIGKILL');

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#line = new Line(child);
    // First of all, so that nothing is stored after the others cleaned up.
    process.prependListener('exit', this.#kill);
  }

  /** Resolves when it is ready for questions. */
  static async start({ orm, namespace, redis, database }: Stage): Promise<SecondProcess> {
    const program = fileURLToPath(new URL('main.ts', import.meta.url));
    const second = new SecondProcess(fork(program, { serialization: 'advanced' }));
    await lend(second.#line, database);
    const start: Start = { orm: orm.name, namespace, redis: redis?.url };
    second.#line.answer('start', () => start);
    await new Promise((resolve) => second.#line.answer('ready', resolve));
    return second;
  }

  /** Begins to read a product until its stock is `stock`. Resolves when its memory has the old row. */
  async watch(id: number, stock: number): Promise<void> {
    await this.#line.ask('watch', { id, stock });
  }

  sighting(): Promise<Sighting> {
    return this.#line.ask('sighting');
  }

  async close(): Promise<void> {
    await this.#line.ask('close');
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
    process.off('exit', this.#kill);
  }
}
