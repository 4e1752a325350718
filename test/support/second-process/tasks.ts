import type { CacheStats } from '@cachetastic/core';
import { READS } from '../../behaviour/catalogue/reads.js';
import { TYPE_READS } from '../../behaviour/catalogue/type-reads.js';
import { writeCalled } from '../../behaviour/catalogue/writes.js';
import { type Answer, askAll } from '../ask.js';
import type { Blog, PrismaClient } from '../blog.js';
import { type Observation, type Observed, ObservedReads, observe, type ReadName } from '../observed-reads.js';
import { raiseVersion, type VersionWrite } from '../raised-versions.js';
import { reachedLog } from '../reached-log.js';
import { type Sighting, VersionReaders } from '../versioned-reads.js';

/** What a task works with. */
export interface Context {
  readonly blog: Blog;
  readonly plain: PrismaClient;
  readonly accidents: string[];
  readers?: VersionReaders;
  observing?: ObservedReads;
  close(): Promise<void>;
}

/** What the second process can be asked to do. Inputs and answers are what a message can carry. */
export const TASKS = {
  /** Asks every read of the matrix, or those named. */
  ask: ({ blog }: Context, { names }: { names?: readonly string[] }): Promise<Answer[]> =>
    askAll(blog, names === undefined ? READS : [...READS, ...TYPE_READS].filter(({ name }) => names.includes(name))),

  /** Runs a write of the matrix. @returns The position of the log afterwards. */
  write: async ({ blog }: Context, { name }: { name: string }): Promise<{ seq: number }> => {
    await writeCalled(name).run(blog.anyDb);
    return { seq: blog.db.$cache.stats().log.seq ?? 0 };
  },

  /** Waits until this process has heard the log up to `seq`. @returns How long that took, in milliseconds. */
  hear: ({ blog }: Context, { seq }: { seq: number }): Promise<number> => reachedLog(blog.db.$cache, seq),

  name: async ({ blog: { db } }: Context, { id }: { id: number }): Promise<string | undefined> =>
    (await db.user.findUnique({ where: { id }, select: { name: true }, cache: 600 }))?.name,

  /** @returns The position of the log afterwards. */
  rename: async ({ blog: { db } }: Context, { id, name }: { id: number; name: string }): Promise<{ seq: number }> => {
    await db.user.update({ where: { id }, data: { name } });
    return { seq: db.$cache.stats().log.seq ?? 0 };
  },

  startReaders: async (context: Context, options: { seed: number; readers: number }): Promise<void> => {
    context.readers = new VersionReaders(context.blog.anyDb, options);
  },

  stopReaders: async ({ readers }: Context): Promise<readonly Sighting[]> => readers?.stop() ?? [],

  raise: ({ blog }: Context): Promise<VersionWrite> => raiseVersion(blog),

  see: ({ blog }: Context, { read }: { read: ReadName }): Promise<Observation> => observe(blog, read),

  /** Begins to ask and to note what is answered. */
  observe: async (context: Context): Promise<void> => {
    context.observing = new ObservedReads(context.blog);
  },

  /** Ends that. */
  observed: async ({ observing }: Context): Promise<Observed> =>
    (await observing?.stop()) ?? { reads: [], failures: [], story: [] },

  /** Asks the same from many callers at once. @returns The statements that reached the database. */
  stampede: ({ blog: { db, watch } }: Context, { callers }: { callers: number }): Promise<readonly string[]> =>
    watch.during(() => {
      const ask = (): Promise<unknown> => db.user.findMany({ where: { role: 'ADMIN' }, cache: 60 });
      return Promise.all(Array.from({ length: callers }, ask));
    }),

  stats: async ({ blog }: Context): Promise<CacheStats> => blog.db.$cache.stats(),

  clear: async ({ blog }: Context): Promise<void> => blog.db.$cache.clear(),

  /** What went wrong outside of any call. */
  accidents: async ({ accidents }: Context): Promise<string[]> => accidents,
};

export type Tasks = typeof TASKS;
