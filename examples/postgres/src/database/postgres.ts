import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Database } from './database.js';

/** Everything that the example makes is in here, and nothing outside it is touched. */
const SCHEMA = 'cachetastic_example';

/** How Prisma reaches the tables of the example on the server at `url`. */
export function postgresAdapter(url: string): PrismaPg {
  return new PrismaPg({ connectionString: url, options: `-c search_path=${SCHEMA}`, max: 10 }, { schema: SCHEMA });
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
    label: `PostgreSQL ${version} at ${client.host}:${client.port}, schema ${SCHEMA}`,
    adapter: () => postgresAdapter(url),
    script: async (sql) => {
      await client.query(sql);
    },
    close: () => client.end(),
  };
}
