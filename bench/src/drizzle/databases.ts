import { withCachetastic } from '@cachetastic/drizzle';
import pg from 'pg';
import type { Servers } from '../servers.js';
import type { Generation } from './generations.js';
import type { Database } from './questions.js';

/** One connection pool, and the databases that read through it. */
export interface Databases {
  readonly plain: Database;
  /** Caches every read in memory. */
  readonly cached: Database;
  /** With Drizzle's own cache. */
  readonly native: Database;

  /** A database whose driver answers `query` at once with what it answered the first time. */
  answering(query: (database: Database) => PromiseLike<unknown>): Promise<Database>;
  close(): Promise<void>;
}

export function openDatabases({ open, name }: Generation, { databaseUrl, namespace }: Servers): Databases {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const plain = open(pool, 'no cache');
  const own = `${namespace}.${name.toLowerCase().replace(' ', '-')}`;
  const wrapped = withCachetastic(plain, { namespace: own, ttl: '10m' });
  const answeringWith = (query: (...given: never[]) => Promise<unknown>) =>
    open({ query } as unknown as pg.Pool, 'no cache');
  return {
    plain,
    cached: wrapped.$cached(),
    native: open(pool, 'own cache'),
    async answering(query) {
      let answer: unknown;
      const first = async (...given: never[]): Promise<unknown> => {
        answer = await (pool.query as (...given: never[]) => Promise<unknown>).apply(pool, given);
        return answer;
      };
      await query(answeringWith(first));
      return answeringWith(() => Promise.resolve(answer));
    },
    async close() {
      await wrapped.$cache.close();
      await pool.end();
    },
  };
}
