import { readFile } from 'node:fs/promises';
import type { SqlDriverAdapterFactory } from '@prisma/client/runtime/client';
import type { PlainDatabase } from '../drizzle/database.js';
import { startPglite } from './pglite.js';
import { connectPostgres } from './postgres.js';

/** How the ORMs of a process reach the database. */
export interface Reach {
  /** What a Prisma client is given. */
  prisma(): SqlDriverAdapterFactory;
  /** @param onStatement - Hears of every statement that is sent. */
  drizzle(onStatement: (() => void) | undefined): DrizzleConnection;
}

/** A Drizzle database, and what ends its connections. */
export interface DrizzleConnection {
  readonly database: PlainDatabase;
  close(): Promise<void>;
}

/** Runs a statement past every ORM, and answers with its rows. */
export type Rows = (sql: string, parameters: readonly unknown[], form: 'array' | 'object') => Promise<unknown[]>;

/** The Postgres of this run, whichever it is. */
export interface Database extends Reach {
  /** What it is and where, for people. */
  readonly label: string;
  readonly rows: Rows;
  /** Runs several statements as they are. */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The server at `DATABASE_URL`, or else a Postgres within this process. */
export function openDatabase(): Promise<Database> {
  const url = process.env['DATABASE_URL'];
  return url ? connectPostgres(url) : startPglite();
}

/** Makes the tables, or makes them anew, and fills them. */
export async function fill(database: Database): Promise<void> {
  for (const file of ['tables.sql', 'data.sql', 'keys.sql']) {
    await database.script(await readFile(new URL(`../../sql/${file}`, import.meta.url), 'utf8'));
  }
}
