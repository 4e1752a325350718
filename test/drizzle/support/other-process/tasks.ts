import type { DrizzleCache } from '@cachetastic/drizzle';
import { reachedLog } from '../../../support/reached-log.js';
import { type Answer, askAll, truthOf } from '../answers.js';
import type { BlogDatabase, CachedBlog, Generation } from '../generation.js';
import { readsOf } from '../reads.js';

/** What a task works with. */
export interface OtherContext {
  readonly generation: Generation;
  /** What the database says. */
  readonly base: BlogDatabase;
  readonly db: CachedBlog;
  /** Drizzle's own option `cache`, and a database that has it. */
  readonly cache: DrizzleCache;
  readonly caching: BlogDatabase;
  close(): Promise<void>;
}

/** What the other process can be asked to do. */
export const TASKS = {
  /** Asks every read of the matrix. @param heard - How far the log must have been heard before. */
  ask: async ({ generation, db }: OtherContext, { heard }: { heard?: number }): Promise<Answer[]> => {
    if (heard !== undefined) await reachedLog(db.$cache, heard);
    return askAll(db, readsOf(generation));
  },

  /** What the database says to them. */
  truth: ({ generation, base }: OtherContext): Promise<string[]> => truthOf(base as CachedBlog, readsOf(generation)),

  /** Reads the users' names through Drizzle's own option. @returns How many reads that cache answered so far, too. */
  names: async ({ generation, caching, cache }: OtherContext): Promise<{ names: string[]; hits: number }> => {
    const { users } = generation.blog;
    const rows = await caching.select().from(users).orderBy(users.id).$withCache();
    await cache.idle();
    const { memory, redis = 0 } = cache.stats().hits;
    return { names: rows.map(({ name }) => name), hits: memory + redis };
  },

  /** Gives the first user a name through Drizzle's own option. */
  rename: async ({ generation, caching }: OtherContext, { name }: { name: string }): Promise<void> => {
    const { users } = generation.blog;
    await caching.update(users).set({ name }).where(generation.orm.eq(users.id, 1));
  },
};

export type OtherTasks = typeof TASKS;
