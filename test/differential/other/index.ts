import { TaskProcess } from '../../support/second-process/task-process.js';
import type { SharedOptions } from '../world.js';
import type { Tasks } from './tasks.js';

const MAIN = new URL('./main.ts', import.meta.url);

/** What the other process opens of a world. */
export interface Entrance {
  readonly world: string;
  readonly address: string;
  readonly options: SharedOptions;
}

/** Another Node process with clients and caches of its own: it shares databases and Redis with this one, and nothing else. */
export type OtherProcess = TaskProcess<Tasks>;

/** Starts one, which may enter several worlds, one after another. */
export function startOtherProcess(): Promise<OtherProcess> {
  return TaskProcess.start<Tasks>(MAIN, undefined);
}
