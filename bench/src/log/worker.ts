/* A process of its own with a cache of its own. It does what messages ask, and ends when the one that started it does. */
import type { Reply, Request } from './messages.js';
import { Tasks } from './tasks.js';

const tasks = new Tasks();

process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, task, input }: Request) => {
  run(task, input).then(
    (value) => reply({ id, ok: true, value }),
    (error: unknown) =>
      reply({ id, ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function run(task: Request['task'], input: unknown): Promise<unknown> {
  return Reflect.apply(tasks[task], tasks, [input]);
}

function reply(message: Reply): void {
  process.send?.(message);
}
