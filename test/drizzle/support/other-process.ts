import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DrizzleCacheOptions } from '@cachetastic/drizzle';
import type { Generation } from './generation.js';

const MAIN = fileURLToPath(new URL('./other-process-main.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../support/second-process/tsconfig.json', import.meta.url));

/** What the other process opens: options that a message can carry. */
export interface OtherSetup {
  readonly generation: Generation['name'];
  readonly databaseUrl: string;
  readonly options: Pick<DrizzleCacheOptions, 'namespace' | 'database' | 'mode'> & {
    readonly redis: { readonly url: string; readonly deadline: '5s' };
  };
}

/** `names`: reads the users' names, and tells how. Anything else: writes that name. */
export type OtherRequest = { readonly names: true } | { readonly rename: string };

export interface OtherReply {
  readonly names: readonly string[];
  /** How many reads the cache answered so far. */
  readonly hits: number;
}

/** Another Node process with a Drizzle and a cache of its own: it shares the database and Redis, and nothing else. */
export class OtherProcess {
  readonly #child: ChildProcess;

  constructor(setup: OtherSetup) {
    this.#child = fork(MAIN, [JSON.stringify(setup)], {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG },
    });
  }

  async ask(request: OtherRequest): Promise<OtherReply> {
    this.#child.send(request);
    const ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('The other process ended')));
    const [reply] = await Promise.race([once(this.#child, 'message'), ended]);
    ended.catch(() => {});
    return reply as OtherReply;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
