import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { median } from '../measure.js';
import type { Orm } from '../orm.js';
import { ORMS } from '../orms.js';
import type { SharedRedis } from '../redis/redis.js';
import type { Shop } from '../shop.js';
import { aside, milliseconds, say, table, verdict } from '../terminal.js';

const PRODUCT = 5;
const WRITES = 25;
/** How long after a write the other may give an old row at most. */
const BOUND = 1_000;

/** Both ORMs on one database, in one namespace: each invalidates what the other has cached. */
export async function together(database: Database, redis: SharedRedis | undefined, namespace: string): Promise<void> {
  if (redis === undefined) {
    aside('Left out: caches hear of each other through Redis. Set REDIS_URL, or install redis-server.');
    return;
  }
  say(`Two clients of one database and one namespace. Each has product ${PRODUCT} cached while the other changes it.`);
  const shops = ORMS.map((orm) => ({ orm, shop: orm.open(database, { redis: redis.url, namespace }) }));
  const rows: string[][] = [];
  let slowest = 0;
  for (const writer of shops) {
    for (const reader of shops) {
      if (reader === writer) continue;
      const times = await timesUntilSeen(writer.shop, reader.shop);
      slowest = Math.max(slowest, ...times);
      rows.push([nameOf(writer, reader), milliseconds(median(times), 2), milliseconds(Math.max(...times), 2)]);
    }
  }
  await Promise.all(shops.map(({ shop }) => shop.close()));

  table(
    [{ head: 'until the new row was read' }, ...['median', 'max'].map((head) => ({ head, align: 'right' as const }))],
    rows,
  );
  aside(`${WRITES} writes each way, since the write was acknowledged.`);
  verdict(slowest < BOUND, 'What one ORM writes, the other reads, well within the bound of 1 s.');
}

/** How long after each write of `writer` it took until `reader` was given the new row, in milliseconds. */
async function timesUntilSeen(writer: Shop, reader: Shop): Promise<readonly number[]> {
  const times: number[] = [];
  const before = (await reader.reads.product(PRODUCT, false))?.stock ?? 0;
  for (let stock = before + 1; stock <= before + WRITES; stock++) {
    // Twice: the second answer is from memory.
    for (let time = 0; time < 2; time++) await reader.reads.product(PRODUCT, true);
    await writer.writes.setStock(PRODUCT, stock);
    const acknowledged = performance.now();
    while ((await reader.reads.product(PRODUCT, true))?.stock !== stock) {
      // Lets messages in.
      await setImmediate();
    }
    times.push(performance.now() - acknowledged);
  }
  return times;
}

function nameOf(writer: { readonly orm: Orm }, reader: { readonly orm: Orm }): string {
  return `${writer.orm.name} writes, ${reader.orm.name} reads`;
}
