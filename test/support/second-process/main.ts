/*
 * The other process of a test: a client, a cache and connections of its own. It shares with the first one the database
 * and Redis, and nothing else. It does what messages ask, and ends when the first process does.
 */
import { openBlog, openPlain } from '../blog.js';
import { prismaVersion } from '../prisma-versions.js';
import type { Reply, Request, Setup } from './messages.js';
import { type Context, TASKS } from './tasks.js';

const accidents: string[] = [];
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) =>
    accidents.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`),
  );
}
process.on('disconnect', () => process.exit(0));

let context: Context | undefined;

async function open({ databaseUrl, options, prisma = 7 }: Setup): Promise<Context> {
  const settings = { prisma: await prismaVersion(prisma) };
  const blog = openBlog(databaseUrl, options, settings);
  const plain = openPlain(databaseUrl, settings);
  return {
    blog,
    plain: plain.client,
    accidents,
    close: async () => {
      await blog.close();
      await plain.close();
    },
  };
}

async function run(request: Request): Promise<unknown> {
  if (request.task === 'open') {
    context = await open(request.input as Setup);
    return undefined;
  }
  if (context === undefined) throw new Error('The second process was not opened');
  return Reflect.apply(TASKS[request.task], undefined, [context, request.input]);
}

process.on('message', (request: Request) => {
  run(request).then(
    (value) => reply({ id: request.id, ok: true, value }),
    (error: unknown) =>
      reply({ id: request.id, ok: false, error: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});

function reply(message: Reply): void {
  process.send?.(message);
}
