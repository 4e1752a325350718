import { type Answer, askAll } from '../../support/ask.js';
import { openBlog, openPlain } from '../../support/blog.js';
import { reachedLog } from '../../support/reached-log.js';
import { SecondProcess } from '../../support/second-process/index.js';
import type { Setup } from '../../support/second-process/setup.js';
import { READS } from '../catalogue/reads.js';
import { writeCalled } from '../catalogue/writes.js';

/** A caching client of Prisma, wherever it is. */
export interface PrismaSide {
  /** Asks every read of the catalogue. @param heard - How far the log must have been heard before. */
  ask(heard?: number): Promise<readonly Answer[]>;
  /** Runs a write of the catalogue. @returns The position of the log afterwards. */
  write(name: string): Promise<number>;
  close(): Promise<void>;
}

/** Opens one in this process. */
export async function prismaHere({ databaseUrl, options }: Setup): Promise<PrismaSide> {
  const blog = openBlog(databaseUrl, options);
  return {
    async ask(heard) {
      if (heard !== undefined) await reachedLog(blog.db.$cache, heard);
      return askAll(blog, READS);
    },
    async write(name) {
      await writeCalled(name).run(blog.anyDb);
      return blog.db.$cache.stats().log.seq ?? 0;
    },
    close: blog.close,
  };
}

/** Opens one in a process of its own. */
export async function prismaThere(setup: Setup): Promise<PrismaSide> {
  const there = await SecondProcess.start(setup);
  return {
    async ask(heard) {
      if (heard !== undefined) await there.call('hear', { seq: heard });
      return there.call('ask', {});
    },
    async write(name) {
      return (await there.call('write', { name })).seq;
    },
    close: () => there.close(),
  };
}

/** What the database says to the reads of the catalogue, asked by Prisma past every cache. */
export function prismaTruth(databaseUrl: string) {
  const { client, textOf, close } = openPlain(databaseUrl);
  return {
    async ask(): Promise<string[]> {
      const texts: string[] = [];
      for (const { ask } of READS) texts.push(textOf(await ask(client)));
      return texts;
    },
    close,
  };
}
