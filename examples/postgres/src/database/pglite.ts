import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import * as schema from '../drizzle/schema.js';
import type { Database } from './database.js';
import { watched } from './watched.js';

/** Starts a Postgres compiled to WebAssembly, in memory. It has one connection: its statements queue. */
export async function startPglite(): Promise<Database> {
  const pglite = await PGlite.create();
  const { rows } = await pglite.query<{ server_version: string }>('SHOW server_version');
  return {
    label: `PGlite in this process (Postgres ${rows[0]?.server_version ?? ''}, in memory)`,
    prisma: () => new PrismaPGlite(pglite),
    drizzle: (onStatement) => ({
      database: drizzle(watched(pglite, onStatement), { schema }),
      close: async () => {},
    }),
    rows: async (sql, parameters, rowMode) => (await pglite.query(sql, [...parameters], { rowMode })).rows,
    script: async (sql) => {
      await pglite.exec(sql);
    },
    close: () => pglite.close(),
  };
}
