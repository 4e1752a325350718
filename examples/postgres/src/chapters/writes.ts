import { isDeepStrictEqual } from 'node:util';
import pc from 'picocolors';
import { cheapestIn, customerByEmail, openOrders, ordersOf, productPage, turnover } from '../questions.js';
import type { Shop } from '../shop.js';
import { aside, facts, say, table, verdict } from '../terminal.js';
import type { Chapter } from './chapter.js';

const QUESTIONS = [
  productPage(1),
  productPage(2),
  cheapestIn('kitchen-tables'),
  customerByEmail('customer2000@shop.example'),
  ordersOf(8),
  ordersOf(9),
  turnover,
  openOrders,
];

interface Write {
  readonly name: string;
  readonly does: string;
  run(shop: Shop): PromiseLike<unknown>;
}

const WRITES: readonly Write[] = [
  {
    name: 'price',
    does: 'product 1 gets another price',
    run: ({ writes }) => writes.setPrice(1, 17.5),
  },
  {
    name: 'order',
    does: 'customer 8 orders product 2: an order with its line',
    run: ({ writes }) => writes.order(8, 2),
  },
  {
    name: 'rename',
    does: 'customer 2000 gets another name',
    run: ({ writes }) => writes.rename(2000, 'Somebody else'),
  },
  {
    name: 'cascade',
    does: 'customer 1000 is deleted; the database deletes what is his',
    run: ({ writes }) => writes.deleteCustomer(1000),
  },
  {
    name: 'rollback',
    does: 'a transaction changes product 2 and many orders, then fails',
    run: ({ writes }) => writes.changeMyMind(2),
  },
  {
    name: 'raw SQL',
    does: 'an UPDATE of product 2, written as text',
    run: ({ writes }) => writes.sellOne(2),
  },
];

/** Writes of every kind: what stays cached, and that nothing wrong does. */
export const writes: Chapter = {
  title: 'Writes, and what stays cached',

  async run({ shop }) {
    say('All of these are cached. After each write they are asked again: was the answer still in the cache?');
    const outcomes: string[][] = QUESTIONS.map(({ name }) => [name]);
    const told: [string, string][] = [];
    let compared = 0;
    let stale = 0;

    for (const { name, does, run } of WRITES) {
      for (const question of QUESTIONS) await question.ask(shop, true);
      await shop.$cache.idle();
      told.push([name, `${does} → ${await toldBy(shop, run)}`]);

      for (const [at, question] of QUESTIONS.entries()) {
        const { data, info } = await shop.$cache.explain(() => question.ask(shop, true));
        outcomes[at]?.push(info.status === 'hit' ? 'kept' : (info.reason ?? info.status));
        compared++;
        if (!isDeepStrictEqual(data, await question.ask(shop, false))) stale++;
      }
    }

    const paint = (padded: string, cell: string): string => (cell === 'kept' ? pc.green(padded) : pc.yellow(padded));
    const short = (outcome: string): string => (outcome === 'invalidated' ? 'again' : outcome);
    table(
      [{ head: 'cached read' }, ...WRITES.map(({ name }) => ({ head: name, paint }))],
      outcomes.map((row) => row.map(short)),
    );
    aside('kept: answered from memory. again: the write may have changed it, so the database was asked.');
    aside('What each write did → what the log of invalidations was told of:');
    facts(told);
    verdict(stale === 0, `${stale} stale answers: all ${compared} were compared with the database.`);
  },
};

/** What the log is told of `write`. */
async function toldBy(shop: Shop, write: Write['run']): Promise<string> {
  const told = new Set<string>();
  const stop = shop.$cache.on((event) => {
    if (event.type === 'invalidate') for (const model of event.models) told.add(model);
  });
  await write(shop);
  stop();
  return told.size === 0 ? 'nothing' : [...told].join(', ');
}
