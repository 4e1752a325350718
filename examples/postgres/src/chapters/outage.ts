import { isDeepStrictEqual } from 'node:util';
import { median } from '../measure.js';
import { cheapestIn, customerByEmail, openOrders, productPage, type Question, ratingOf } from '../questions.js';
import { findRedisServer, PrivateRedis } from '../redis/private-redis.js';
import type { Shop } from '../shop.js';
import { aside, milliseconds, say, table, verdict } from '../terminal.js';
import { CHANGING_PRODUCT, Traffic } from '../traffic.js';
import type { Chapter } from './chapter.js';

/** Nothing changes these, so that what a hit costs, or its absence, can be seen. */
const QUIET = [customerByEmail('customer9@shop.example'), ratingOf(1), openOrders];
/** What a forgotten invalidation would show in. */
const CHANGING = [productPage(CHANGING_PRODUCT), cheapestIn('garden-clocks')];
/** How long after a write the other client may give an old row at most, with room for a busy machine. */
const BOUND = 1_050;

/** Redis hangs, comes back, dies, and comes back with nothing. */
export const outage: Chapter = {
  title: 'Redis stops, and starts again',

  async run(stage) {
    const program = findRedisServer();
    if (program === undefined) {
      aside('Left out: a Redis is needed that may be killed. Install redis-server; your own is never stopped.');
      return;
    }
    say('Two clients, each with a memory of its own, share a Redis. One reads and writes, the other reads.');
    const redis = await PrivateRedis.start(program);
    const here = stage.open({ redis: redis.url });
    const there = stage.open({ redis: redis.url });
    const traffic = new Traffic(here, there, QUIET);
    for (const shop of [here, there]) for (const question of CHANGING) await question.ask(shop, true);

    const plan = [
      ['runs', () => undefined, 800],
      ['hangs (SIGSTOP)', () => redis.pause(), 2_000],
      ['runs again', () => redis.resume(), 800],
      ['is dead (SIGKILL)', () => redis.kill(), 1_800],
      ['is new and empty', () => redis.start(), 1_200],
    ] as const;
    aside(`This takes ${(sum(plan.map(([, , time]) => time)) / 1_000).toFixed(0)} s.`);
    const stretches = [];
    for (const [name, begin, time] of plan) {
      await begin();
      stretches.push({ name, ...(await traffic.run(time)) });
    }
    const after = [await inspect(here), await inspect(there)];
    await Promise.all([here.close(), there.close()]);
    await redis.close();

    table(
      [
        { head: 'Redis' },
        ...['read p50', 'max', 'write p50', 'max', 'behind'].map((head) => ({ head, align: 'right' as const })),
      ],
      stretches.map(({ name, reads, writes, behind }) => [
        name,
        ...[median(reads), Math.max(...reads), median(writes), Math.max(...writes), behind].map((time) =>
          milliseconds(time, 2),
        ),
      ]),
    );
    aside('behind: for how long the other client gave an old row, since the write was acknowledged. The bound is 1 s.');

    const failures = stretches.flatMap((stretch) => stretch.failures);
    const staleHere = sum(stretches.map((stretch) => stretch.staleHere));
    const behind = Math.max(...stretches.map((stretch) => stretch.behind));
    const stale = sum(after.map((client) => client.stale));
    const hits = sum(after.map((client) => client.hits));
    verdict(failures.length === 0, [`${failures.length} reads or writes failed.`, ...failures.slice(0, 1)].join(' '));
    verdict(staleHere === 0, `${staleHere} stale answers to the client that writes, at any time.`);
    verdict(behind <= BOUND, `The other was behind by ${milliseconds(behind, 1)} at most: then it asked the database.`);
    verdict(stale === 0, `${stale} stale answers afterwards; ${hits} of ${after.length * ALL.length} are hits again.`);
  },
};

const ALL = [...CHANGING, ...QUIET];

/** Compares what `shop` answers now with the database, and counts what it has cached after that. */
async function inspect(shop: Shop): Promise<{ stale: number; hits: number }> {
  let stale = 0;
  for (const question of ALL) if (!(await agrees(question, shop))) stale++;
  await shop.$cache.idle();
  let hits = 0;
  for (const question of ALL) {
    const { info } = await shop.$cache.explain(() => question.ask(shop, true));
    if (info.status === 'hit') hits++;
  }
  return { stale, hits };
}

async function agrees(question: Question, shop: Shop): Promise<boolean> {
  return isDeepStrictEqual(await question.ask(shop, true), await question.ask(shop, false));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
