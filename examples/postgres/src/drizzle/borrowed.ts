import { drizzle } from 'drizzle-orm/pg-proxy';
import type { Rows } from '../database/database.js';
import type { Line } from '../second-process/line.js';
import type { PlainDatabase } from './database.js';
import * as schema from './schema.js';

/** A statement as Drizzle's `pg-proxy` asks for it: rows as lists of values for `all`, as objects for `execute`. */
interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly method: 'all' | 'execute';
}

/** Runs the statements that come over `line`. */
export function lend(line: Line, rows: Rows): void {
  line.answer('drizzle', ({ sql, parameters, method }: Statement) =>
    rows(sql, parameters, method === 'all' ? 'array' : 'object'),
  );
}

/** A database that has the process at the other end of `line` run its statements. It has no transactions. */
export function borrowed(line: Line): PlainDatabase {
  return drizzle(
    async (sql, parameters, method) => ({ rows: await line.ask('drizzle', { sql, parameters, method }) }),
    { schema },
  );
}
