/* The other process of a differential test. */
import { doTasks } from '../../support/second-process/do-tasks.js';
import { type Stage, TASKS } from './tasks.js';

async function open(): Promise<Stage> {
  const stage: Stage = { close: () => TASKS.leave(stage) };
  return stage;
}

doTasks(open, TASKS);
