import { randomBytes } from 'node:crypto';
import type { Chapter } from './chapters/chapter.js';
import { outage } from './chapters/outage.js';
import { processes } from './chapters/processes.js';
import { reads } from './chapters/reads.js';
import { stampede } from './chapters/stampede.js';
import { summary } from './chapters/summary.js';
import { together } from './chapters/together.js';
import { writes } from './chapters/writes.js';
import { type Database, fill, openDatabase } from './database/database.js';
import { timed } from './measure.js';
import { ORMS } from './orms.js';
import { openRedis } from './redis/redis.js';
import { Stage } from './stage.js';
import { aside, count, facts, heading, milliseconds, part, title } from './terminal.js';

const CHAPTERS: readonly Chapter[] = [reads, stampede, writes, processes, outage, summary];
const TABLES = ['customers', 'products', 'orders', 'order_lines', 'reviews'] as const;

/** New in every run, so that nothing of an earlier run is answered. */
const namespace = `cachetastic-example-${randomBytes(4).toString('hex')}`;

// What was started here ends with this process, and the keys in a Redis of yours are removed.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

title('Cachetastic', 'Prisma and Drizzle read from memory, and never the wrong rows');
aside('Filling the shop takes a few seconds …');
const redis = await openRedis(namespace);
const database = await openDatabase();
const filling = await timed(() => fill(database));
try {
  facts([
    ['database', database.label],
    ['rows', `${await rowsOf(database)}; made in ${milliseconds(filling, 1)}`],
    ['Redis', redis?.label ?? 'none: what needs it is left out'],
  ]);
  for (const [at, orm] of ORMS.entries()) {
    part(orm.name, at === 0 ? 'a shop on Postgres' : 'the same shop on the same tables');
    // Past the cache, so under another name: nothing of the rows before is known there.
    if (at > 0) await fill(database);
    const stage = new Stage(orm, database, redis, `${namespace}.${orm.name}`);
    try {
      for (const [number, chapter] of CHAPTERS.entries()) {
        heading(number + 1, chapter.title);
        await chapter.run(stage);
      }
    } finally {
      await stage.close();
    }
  }
  part('Both', 'at once, on one database');
  await together(database, redis, `${namespace}.both`);
} finally {
  await redis?.close();
  await database.close();
}

async function rowsOf({ rows }: Database): Promise<string> {
  const [found = []] = await rows(
    `SELECT ${TABLES.map((table) => `(SELECT count(*)::int FROM ${table})`).join(', ')}`,
    [],
    'array',
  );
  const [customers = 0, products = 0, orders = 0, lines = 0, reviews = 0] = found as readonly number[];
  return `${count(customers)} customers, ${count(products)} products, ${count(orders)} orders of ${count(lines)} lines, ${count(reviews)} reviews`;
}
