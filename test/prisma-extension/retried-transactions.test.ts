import { type CacheEvent, CacheEvents, type Change, EVERYTHING, TransactionChanges } from '@cachetastic/core';
import type { LazyCache } from '@cachetastic/core/adapter';
import { expect, it } from 'vitest';
import { Transactions } from '../../packages/prisma-extension/src/intercept/transactions.js';

/** A client of the transaction `id`, as far as its identity goes. */
const clientOf = (id: string) => ({
  _createPrismaPromise: (tell: (transaction: { id: string }) => Promise<void>) => tell({ id }),
});

/** A cache whose transactions pass their changes to `take`. */
function lazyCacheThat(take: (changes: readonly Change[]) => void): LazyCache {
  const sink = { append: async (changes: readonly Change[]) => take(changes), announce: async () => [] };
  const lazyCache: Pick<LazyCache, 'open' | 'transaction'> = {
    open: async () => undefined,
    transaction: () => new TransactionChanges(sink),
  };
  return lazyCache as LazyCache;
}

it('only the last attempt of a transaction that an earlier extension retries counts', async () => {
  const settled: unknown[] = [];
  const lazyCache = lazyCacheThat((changes) => settled.push(...changes));
  const transactions = new Transactions(lazyCache, new CacheEvents(), () => true, { outlivesRollback: () => false });
  const retrying = async (work: (client: unknown) => unknown): Promise<unknown> => {
    try {
      return await work(clientOf('first'));
    } catch {
      return await work(clientOf('second'));
    }
  };
  let tries = 0;

  const result = await transactions.run(retrying, async () => {
    const id = ++tries === 1 ? 'first' : 'second';
    transactions.add(id, [{ kind: 'tag', tag: id }]);
    if (id === 'first') throw new Error('serialization failure');
    return 'committed';
  });

  expect(result).toBe('committed');
  expect(settled).toEqual([{ kind: 'tag', tag: 'second' }]);
  expect(transactions.add('first', [])).toBe(false);
});

it('a transaction that Prisma does not identify invalidates everything after its commit', async () => {
  const settled: unknown[] = [];
  const lazyCache = lazyCacheThat((changes) => settled.push(...changes));
  const events: CacheEvent[] = [];
  const heard = new CacheEvents();
  heard.on((event) => events.push(event));
  const transactions = new Transactions(lazyCache, heard, () => true, { outlivesRollback: () => false });

  await transactions.run(
    async (work) => work({}),
    async () => {
      expect(transactions.add('an id that only queries have', [])).toBe(false);
      expect(settled).toEqual([]);
    },
  );

  expect(settled).toEqual([EVERYTHING]);
  expect(events).toEqual([{ type: 'widened', query: '$transaction', reason: 'transaction-unidentified' }]);
});
