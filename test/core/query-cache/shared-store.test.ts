import { createQueryCache, type Query, type QueryCache, type SharedStore } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { afterEach, expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import type { Tier } from '../../../packages/core/src/tier/tier.js';
import { emptyTier } from '../../support/core-setup.js';
import { CountingLoad } from '../../support/counting-load.js';
import { settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

const QUERY: Query<unknown> = {
  name: 'User.findUnique',
  keyParts: ['User', 1],
  footprint: { dependencies: [{ model: 'User' }], tags: [] },
  lifetime: { ttl: 60_000, swr: 0, grace: 0 },
};
const open: QueryCache[] = [];

/** The cache of a process of its own. */
async function processWith(store: SharedStore): Promise<QueryCache> {
  const cache = createQueryCache({ database: 'test', clock: new ManualClock(), shared: store });
  open.push(cache);
  await settle();
  return cache;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
});

it('with a store that has only a log, only memory is read or filled, and writes still invalidate', async () => {
  const cache = await processWith({ name: 'postgres', open: () => ({ log: new ScriptedLog() }) });
  const load = new CountingLoad(() => ({ id: 1 }));
  const read = async () => cache.read(QUERY, load.load);
  const tiers: string[] = [];
  cache.on((event) => event.type === 'fill' && tiers.push(event.tier));

  await read();
  await cache.idle();
  await read();
  expect(cache.stats()).toMatchObject({ hits: { memory: 1 }, fills: 1, tierFailures: 0, log: { confirmed: true } });
  expect(Object.keys(cache.stats().hits)).toEqual(['memory']);
  expect(tiers).toEqual(['memory']);

  await cache.write(
    async () => {},
    () => [{ kind: 'model', model: 'User', op: 'update' }],
  );
  await read();
  expect(load.calls).toBe(2);
});

it('with a store that has only a tier, an entry is valid only in the process that stored it', async () => {
  const entries = new Map<string, Entry>();
  const tier: Tier = {
    ...emptyTier,
    get: async (key) => entries.get(key),
    set: async (key, entry) => void entries.set(key, entry),
  };
  const store: SharedStore = { name: 'files', open: () => ({ tier }) };
  const [one, other] = [await processWith(store), await processWith(store)];
  const load = new CountingLoad(() => ({ id: 1 }));

  await one.read(QUERY, load.load);
  await one.idle();
  expect(entries.size).toBe(1);
  await other.read(QUERY, load.load);

  expect(load.calls).toBe(2);
  expect(other.stats()).toMatchObject({ hits: { memory: 0, redis: 0 }, misses: 1 });
});
