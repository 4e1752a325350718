import { isDeepStrictEqual } from 'node:util';
import pc from 'picocolors';
import { median, timeEach } from '../measure.js';
import { cheapestIn, openOrders, ordersOf, productPage, type Question, ratingOf, turnover } from '../questions.js';
import type { Shop } from '../shop.js';
import { aside, count, milliseconds, say, table, verdict } from '../terminal.js';
import type { Chapter } from './chapter.js';

const QUESTIONS = [productPage(1), ratingOf(1), cheapestIn('office-chairs'), ordersOf(7), openOrders, turnover];
const RUNS = { database: 15, l2: 50, l1: 500 } as const;

/** The same questions, answered by the database, by Redis and by memory. */
export const reads: Chapter = {
  title: 'The same reads from three places',

  async run(stage) {
    say(stage.orm.asking);
    // Without a memory of its own every hit of this client comes from Redis.
    const forgetful = stage.redis === undefined ? undefined : stage.open({ memory: false });

    const rows: string[][] = [];
    const hits = { l1: 0, l2: 0 };
    let different = 0;
    for (const question of QUESTIONS) {
      const database = await measure(stage.shop, question, false, RUNS.database);
      const l1 = await measure(stage.shop, question, true, RUNS.l1);
      const l2 = forgetful && (await measure(forgetful, question, true, RUNS.l2));
      hits.l1 += l1.hits.l1;
      hits.l2 += l2?.hits.l2 ?? 0;
      for (const place of [l1, l2]) if (place && !isDeepStrictEqual(place.answer, database.answer)) different++;
      rows.push([
        question.name,
        milliseconds(database.time),
        l2 === undefined ? '-' : milliseconds(l2.time),
        milliseconds(l1.time),
        `${count(Math.round(database.time / l1.time))} x`,
      ]);
    }
    if (forgetful !== undefined) await forgetful.close();

    table(
      [
        { head: 'read' },
        { head: 'database', align: 'right' },
        { head: 'L2, Redis', align: 'right' },
        { head: 'L1, memory', align: 'right' },
        { head: 'L1 is faster', align: 'right', paint: pc.green },
      ],
      rows,
    );
    aside(`Medians of ${RUNS.database}, ${RUNS.l2} and ${RUNS.l1} runs, one after the other.`);
    if (forgetful === undefined) aside('L2 is left out: it needs Redis. Set REDIS_URL, or install redis-server.');
    aside(
      `Hits: ${share(hits.l1, RUNS.l1)} in memory${forgetful === undefined ? '' : `, ${share(hits.l2, RUNS.l2)} in Redis`}.`,
    );
    verdict(different === 0, `${different} answers differed from the database's, in value or in class.`);
  },
};

interface Place {
  readonly answer: unknown;
  readonly time: number;
  readonly hits: { readonly l1: number; readonly l2: number };
}

async function measure(shop: Shop, question: Question, cache: boolean, runs: number): Promise<Place> {
  // The first fills the cache and warms everything else up.
  await question.ask(shop, cache);
  await shop.$cache.idle();
  const answer = await question.ask(shop, cache);
  const before = shop.$cache.stats().hits;
  const times = await timeEach(runs, () => question.ask(shop, cache));
  const after = shop.$cache.stats().hits;
  return { answer, time: median(times), hits: { l1: after.l1 - before.l1, l2: after.l2 - before.l2 } };
}

function share(hits: number, runs: number): string {
  return `${count(hits)} of ${count(runs * QUESTIONS.length)}`;
}
