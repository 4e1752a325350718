import { withCachetastic } from '@cachetastic/drizzle';
import { Cache } from 'drizzle-orm/cache/core';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Servers } from '../servers.js';
import * as schema from './schema.js';

export type Database = NodePgDatabase<typeof schema>;

/** One connection pool, and the databases that read through it. */
export interface Databases {
  readonly plain: Database;
  /** Caches every read in memory. */
  readonly cached: Database;
  /** With Drizzle's own cache, over a map: it copies nothing and never forgets. */
  readonly native: Database;

  /** A database whose driver answers `query` at once with what it answered the first time. */
  answering(query: (database: Database) => PromiseLike<unknown>): Promise<Database>;
  close(): Promise<void>;
}

export function openDatabases({ databaseUrl, namespace }: Servers): Databases {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const plain = drizzle(pool, { schema });
  const wrapped = withCachetastic(plain, { namespace: `${namespace}.drizzle`, ttl: '10m' });
  return {
    plain,
    cached: wrapped.$cached(),
    native: drizzle(pool, { schema, cache: new HeldAnswers() }),
    async answering(query) {
      let answer: unknown;
      const first = async (...given: never[]): Promise<unknown> => {
        answer = await (pool.query as (...given: never[]) => Promise<unknown>).apply(pool, given);
        return answer;
      };
      await query(drizzleOf(first));
      return drizzleOf(() => Promise.resolve(answer));
    },
    async close() {
      await wrapped.$cache.close();
      await pool.end();
    },
  };
}

function drizzleOf(query: (...given: never[]) => Promise<unknown>): Database {
  return drizzle({ query } as unknown as pg.Client, { schema });
}

/** The least that a cache of Drizzle's can do. */
class HeldAnswers extends Cache {
  readonly #held = new Map<string, unknown[]>();

  strategy(): 'explicit' {
    return 'explicit';
  }

  async get(key: string): Promise<unknown[] | undefined> {
    return this.#held.get(key);
  }

  async put(key: string, answer: unknown): Promise<void> {
    this.#held.set(key, answer as unknown[]);
  }

  async onMutate(): Promise<void> {}
}
