import { randomBytes } from 'node:crypto';
import type { Chapter } from './chapters/chapter.js';
import { outage } from './chapters/outage.js';
import { processes } from './chapters/processes.js';
import { reads } from './chapters/reads.js';
import { stampede } from './chapters/stampede.js';
import { summary } from './chapters/summary.js';
import { writes } from './chapters/writes.js';
import { fill, openDatabase } from './database/database.js';
import { timed } from './measure.js';
import { openRedis } from './redis/redis.js';
import type { Shop } from './shop.js';
import { Stage } from './stage.js';
import { aside, count, facts, heading, milliseconds, title } from './terminal.js';

const CHAPTERS: readonly Chapter[] = [reads, stampede, writes, processes, outage, summary];

/** New in every run, so that nothing of an earlier run is answered. */
const namespace = `cachetastic-example-${randomBytes(4).toString('hex')}`;

// What was started here ends with this process, and the keys in a Redis of yours are removed.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

title('Cachetastic', 'Prisma reads from memory, and never the wrong ones');
aside('Filling the shop takes a few seconds …');
const redis = await openRedis(namespace);
const database = await openDatabase();
const filling = await timed(() => fill(database));
const stage = new Stage(database, redis, namespace);

try {
  facts([
    ['database', database.label],
    ['rows', `${await rowsOf(stage.shop)}; made in ${milliseconds(filling, 1)}`],
    ['Redis', redis?.label ?? 'none: what needs it is left out'],
  ]);
  for (const [at, chapter] of CHAPTERS.entries()) {
    heading(at + 1, chapter.title);
    await chapter.run(stage);
  }
} finally {
  await stage.close();
}

async function rowsOf({ customer, product, order, orderLine, review }: Shop): Promise<string> {
  const [customers, products, orders, lines, reviews] = await Promise.all([
    customer.count(),
    product.count(),
    order.count(),
    orderLine.count(),
    review.count(),
  ]);
  return `${count(customers)} customers, ${count(products)} products, ${count(orders)} orders of ${count(lines)} lines, ${count(reviews)} reviews`;
}
