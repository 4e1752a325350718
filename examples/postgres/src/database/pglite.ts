import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { Database } from './database.js';

/** Starts a Postgres compiled to WebAssembly, in memory. It has one connection: its statements queue. */
export async function startPglite(): Promise<Database> {
  const pglite = await PGlite.create();
  const { rows } = await pglite.query<{ server_version: string }>('SHOW server_version');
  return {
    label: `PGlite in this process (Postgres ${rows[0]?.server_version ?? ''}, in memory)`,
    adapter: () => new PrismaPGlite(pglite),
    script: async (sql) => {
      await pglite.exec(sql);
    },
    close: () => pglite.close(),
  };
}
