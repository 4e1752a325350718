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
  run(shop: Shop): Promise<unknown>;
}

const WRITES: readonly Write[] = [
  {
    name: 'price',
    does: 'product 1 gets another price',
    run: (shop) => shop.product.update({ where: { id: 1 }, data: { price: 17.5 } }),
  },
  {
    name: 'order',
    does: 'customer 8 orders product 2, by a nested write',
    run: (shop) =>
      shop.customer.update({
        where: { id: 8 },
        data: { orders: { create: { total: 35, lines: { create: { productId: 2, quantity: 2, price: 17.5 } } } } },
      }),
  },
  {
    name: 'rename',
    does: 'customer 2000 gets another name',
    run: (shop) => shop.customer.update({ where: { id: 2000 }, data: { name: 'Somebody else' } }),
  },
  {
    name: 'cascade',
    does: 'customer 1000 is deleted; the database deletes what is his',
    run: (shop) => shop.customer.delete({ where: { id: 1000 } }),
  },
  {
    name: 'rollback',
    does: 'a transaction changes product 2 and many orders, then fails',
    run: (shop) =>
      shop
        .$transaction(async (tx) => {
          await tx.product.update({ where: { id: 2 }, data: { price: 1 } });
          await tx.order.updateMany({ where: { status: 'OPEN' }, data: { status: 'PAID' } });
          throw new ChangedMyMind();
        })
        .catch((error: unknown) => {
          if (!(error instanceof ChangedMyMind)) throw error;
        }),
  },
  {
    name: 'raw SQL',
    does: 'an UPDATE of product 2, by $executeRaw',
    run: (shop) => shop.$executeRaw`UPDATE products SET stock = stock - 1 WHERE id = 2`,
  },
];

class ChangedMyMind extends Error {}

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
