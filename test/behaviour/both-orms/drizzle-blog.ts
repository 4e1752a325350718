import { type CachetasticOptions, withCachetastic } from '@cachetastic/drizzle';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { type Answer, askAll, truthOf } from '../../drizzle/support/answers.js';
import { DRIZZLE_READS } from './drizzle-reads.js';
import * as schema from './tables.js';

/** A database of Drizzle's with the tables that Prisma's tests run on. */
export type BlogDb = NodePgDatabase<typeof schema>;

/** Opens one that caches, and one that says what the database says. */
export function openDrizzleBlog(url: string, options: CachetasticOptions) {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  // The database may be dropped before the last idle connection has ended.
  pool.on('error', () => {});
  const base: BlogDb = drizzle(pool, { schema });
  const db = withCachetastic(base, options);
  return {
    db,
    ask: (): Promise<Answer[]> => askAll<BlogDb>(db, DRIZZLE_READS),
    truth: (): Promise<string[]> => truthOf(base, DRIZZLE_READS),
    close: async (): Promise<void> => {
      await db.$cache.close();
      await pool.end();
    },
  };
}

export type DrizzleBlog = ReturnType<typeof openDrizzleBlog>;
