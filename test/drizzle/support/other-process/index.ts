import type { DrizzleCacheOptions } from '@cachetastic/drizzle';
import { TaskProcess } from '../../../support/second-process/task-process.js';
import type { Driver, DriverDatabase, Generation } from '../generation.js';
import type { OtherTasks } from './tasks.js';

const MAIN = new URL('./main.ts', import.meta.url);

/** Options that a message can carry. */
export type SharedOptions = Pick<DrizzleCacheOptions, 'namespace' | 'database' | 'mode'> & {
  readonly redis: { readonly url: string; readonly deadline: '5s' };
};

/** What the other process opens. */
export interface OtherSetup {
  readonly generation: Generation['name'];
  readonly dialect: Generation['dialect'];
  readonly driver: string;
  readonly address: string;
  readonly options: SharedOptions;
}

/** Another Node process with a Drizzle and a cache of its own: it shares the database and Redis, and nothing else. */
export type OtherProcess = TaskProcess<OtherTasks>;

/** Starts one on `database`, with the same generation of Drizzle. Close it before the database is dropped. */
export async function startOtherProcess(
  { name, dialect }: Generation,
  driver: Driver,
  database: DriverDatabase,
  options: SharedOptions,
): Promise<OtherProcess> {
  const address = await database.address();
  const setup: OtherSetup = { generation: name, dialect, driver: driver.name, address, options };
  return TaskProcess.start<OtherTasks>(MAIN, setup);
}
