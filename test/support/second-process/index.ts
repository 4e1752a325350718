import type { Setup } from './setup.js';
import { TaskProcess } from './task-process.js';
import type { Tasks } from './tasks.js';

const MAIN = new URL('./main.ts', import.meta.url);

/** Another Node process with a Prisma client and a cache of its own, on the same database and the same Redis. */
export type SecondProcess = TaskProcess<Tasks>;

export const SecondProcess = {
  /** Starts it and opens its client. Close it in `afterAll`. */
  start: (setup: Setup): Promise<SecondProcess> => TaskProcess.start<Tasks>(MAIN, setup),
};
