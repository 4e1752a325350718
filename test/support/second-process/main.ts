/*
 * The other process of a test: a client, a cache and connections of its own. It shares with the first one the database
 * and Redis, and nothing else.
 */
import { openBlog, openPlain } from '../blog.js';
import { prismaVersion } from '../prisma-versions.js';
import { doTasks } from './do-tasks.js';
import type { Setup } from './setup.js';
import { type Context, TASKS } from './tasks.js';

const accidents: string[] = [];
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) =>
    accidents.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`),
  );
}

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

doTasks(open, TASKS);
