import { borrowed as drizzle, lend as lendDrizzle } from '../drizzle/borrowed.js';
import { lend as lendPrisma, borrowed as prisma } from '../prisma/borrowed.js';
import type { Line } from '../second-process/line.js';
import type { Database, Reach } from './database.js';

/*
 * PGlite lives in one process. Another process sends it statements over the line between the two, so that both ask the
 * same database. With a real server each connects by itself.
 */

/** Runs the statements that come over `line`. */
export async function lend(line: Line, database: Database): Promise<void> {
  await lendPrisma(line, database.prisma());
  lendDrizzle(line, database.rows);
}

/** Has the process at the other end of `line` run the statements of this one. */
export function borrowedReach(line: Line): Reach {
  return {
    prisma: () => prisma(line),
    drizzle: () => ({ database: drizzle(line), close: async () => {} }),
  };
}
