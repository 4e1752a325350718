import type { Reply, Request, Task } from './task-process.js';

/**
 * Makes this process do what messages ask, until the process that started it ends.
 *
 * @param open - Makes what the tasks work with, of what the first message says.
 */
export function doTasks<Setup, Context extends { close(): Promise<void> }>(
  open: (setup: Setup) => Promise<Context>,
  tasks: Readonly<Record<string, Task<Context>>>,
): void {
  let context: Context | undefined;

  async function run({ task, input }: Request): Promise<unknown> {
    if (task === 'open') {
      context = await open(input as Setup);
      return undefined;
    }
    if (context === undefined) throw new Error('The second process was not opened');
    if (task === 'close') return context.close();
    const work = tasks[task];
    if (work === undefined) throw new Error(`The second process knows no task ${task}`);
    return Reflect.apply(work, undefined, [context, input]);
  }

  process.on('disconnect', () => process.exit(0));
  process.on('message', (request: Request) => {
    run(request).then(
      (value) => reply({ id: request.id, ok: true, value }),
      (error: unknown) =>
        reply({ id: request.id, ok: false, error: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
  });
}

function reply(message: Reply): void {
  process.send?.(message);
}
