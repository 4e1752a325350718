import { PrismaPg } from '@prisma/adapter-pg';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from '../drizzle/schema.js';
import type { Database, Reach } from './database.js';
import { watched } from './watched.js';

/** Everything that the example makes is in here, and nothing outside it is touched. */
const SCHEMA = 'cachetastic_example';

/** How the ORMs reach the tables of the example on the server at `url`. */
export function postgresReach(url: string): Reach {
  const settings = { connectionString: url, options: `-c search_path=${SCHEMA}`, max: 10 };
  return {
    prisma: () => new PrismaPg(settings, { schema: SCHEMA }),
    drizzle(onStatement) {
      const pool = new pg.Pool(settings);
      return { database: drizzle(watched(pool, onStatement), { schema }), close: () => pool.end() };
    },
  };
}

/** Makes the schema anew on the server at `url`. */
export async function connectPostgres(url: string): Promise<Database> {
  const client = new pg.Client({
    connectionString: url,
    options: `-c search_path=${SCHEMA} -c client_min_messages=warning`,
  });
  try {
    await client.connect();
  } catch (cause) {
    throw new Error('The server at DATABASE_URL cannot be reached.', { cause });
  }
  await client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`);
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const version = rows[0]?.server_version.split(' ')[0] ?? '';
  return {
    ...postgresReach(url),
    label: `PostgreSQL ${version} at ${client.host}:${client.port}, schema ${SCHEMA}`,
    rows: async (text, parameters, form) =>
      form === 'array'
        ? (await client.query({ text, values: [...parameters], rowMode: 'array' })).rows
        : (await client.query<Record<string, unknown>>(text, [...parameters])).rows,
    script: async (sql) => {
      await client.query(sql);
    },
    close: () => client.end(),
  };
}
