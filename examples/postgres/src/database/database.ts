import { readFile } from 'node:fs/promises';
import type { SqlDriverAdapterFactory } from '@prisma/client/runtime/client';
import { startPglite } from './pglite.js';
import { connectPostgres } from './postgres.js';

/** The Postgres of this run, whichever it is. */
export interface Database {
  /** What it is and where, for people. */
  readonly label: string;
  /** How a Prisma client of this process reaches it. */
  adapter(): SqlDriverAdapterFactory;
  /** Runs several statements as they are. */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The server at `DATABASE_URL`, or else a Postgres within this process. */
export function openDatabase(): Promise<Database> {
  const url = process.env['DATABASE_URL'];
  return url ? connectPostgres(url) : startPglite();
}

/** Makes the tables and fills them. */
export async function fill(database: Database): Promise<void> {
  for (const file of ['tables.sql', 'data.sql', 'keys.sql']) {
    await database.script(await readFile(new URL(`../../prisma/${file}`, import.meta.url), 'utf8'));
  }
}
