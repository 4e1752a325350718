import { isDeepStrictEqual } from 'node:util';
import pc from 'picocolors';
import { median, timeEach } from '../measure.js';
import { cheapestIn, openOrders, ordersOf, productPage, type Question, ratingOf, turnover } from '../questions.js';
import type { Shop } from '../shop.js';
import { aside, count, milliseconds, say, table, verdict } from '../terminal.js';
import type { Chapter } from './chapter.js';

const QUESTIONS = [productPage(1), ratingOf(1), cheapestIn('office-chairs'), ordersOf(7), openOrders, turnover];
const RUNS = { database: 15, redis: 50, memory: 500 } as const;

/** The same questions, answered by the database, by Redis and by memory. */
export const reads: Chapter = {
  title: 'The same reads from three places',

  async run(stage) {
    say(stage.orm.asking);
    // Without a memory of its own every hit of this client comes from Redis.
    const forgetful = stage.redis === undefined ? undefined : stage.open({ memory: false });

    const rows: string[][] = [];
    const hits = { memory: 0, redis: 0 };
    let different = 0;
    for (const question of QUESTIONS) {
      const database = await measure(stage.shop, question, false, RUNS.database);
      const memory = await measure(stage.shop, question, true, RUNS.memory);
      const redis = forgetful && (await measure(forgetful, question, true, RUNS.redis));
      hits.memory += memory.hits.memory;
      hits.redis += redis?.hits.redis ?? 0;
      for (const place of [memory, redis]) if (place && !isDeepStrictEqual(place.answer, database.answer)) different++;
      rows.push([
        question.name,
        milliseconds(database.time),
        redis === undefined ? '-' : milliseconds(redis.time),
        milliseconds(memory.time),
        `${count(Math.round(database.time / memory.time))} x`,
      ]);
    }
    if (forgetful !== undefined) await forgetful.close();

    table(
      [
        { head: 'read' },
        { head: 'database', align: 'right' },
        { head: 'Redis', align: 'right' },
        { head: 'memory', align: 'right' },
        { head: 'memory is faster', align: 'right', paint: pc.green },
      ],
      rows,
    );
    aside(`Medians of ${RUNS.database}, ${RUNS.redis} and ${RUNS.memory} runs, one after the other.`);
    if (forgetful === undefined) aside('Redis is left out. Set REDIS_URL, or install redis-server.');
    aside(
      `Hits: ${share(hits.memory, RUNS.memory)} in memory${forgetful === undefined ? '' : `, ${share(hits.redis, RUNS.redis)} in Redis`}.`,
    );
    verdict(different === 0, `${different} answers differed from the database's, in value or in class.`);
  },
};

interface Place {
  readonly answer: unknown;
  readonly time: number;
  readonly hits: { readonly memory: number; readonly redis: number };
}

async function measure(shop: Shop, question: Question, cache: boolean, runs: number): Promise<Place> {
  // The first fills the cache and warms everything else up.
  await question.ask(shop, cache);
  await shop.$cache.idle();
  const answer = await question.ask(shop, cache);
  const before = shop.$cache.stats().hits;
  const times = await timeEach(runs, () => question.ask(shop, cache));
  const after = shop.$cache.stats().hits;
  const hits = {
    memory: after.memory - before.memory,
    redis: (after['redis'] ?? 0) - (before['redis'] ?? 0),
  };
  return { answer, time: median(times), hits };
}

function share(hits: number, runs: number): string {
  return `${count(hits)} of ${count(runs * QUESTIONS.length)}`;
}
