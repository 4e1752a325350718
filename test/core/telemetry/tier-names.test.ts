import { createQueryCache, type ReadInfo } from '@cachetastic/core';
import { expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import type { Tier } from '../../../packages/core/src/tier/tier.js';
import { emptyTier, setup } from '../../support/core-setup.js';
import { ScriptedLog } from '../../support/scripted-log.js';

function tierNamed(name: string): Tier {
  const entries = new Map<string, Entry>();
  return {
    ...emptyTier,
    name,
    get: async (key) => entries.get(key),
    set: async (key, entry) => void entries.set(key, entry),
  };
}

it('hits of a shared tier are counted and reported under the name of that tier', async () => {
  const { cache, query, load } = await setup({
    log: new ScriptedLog(),
    tier: tierNamed('valkey'),
    options: { memory: false },
  });
  const infos: ReadInfo[] = [];
  const sources: string[] = [];
  cache.on((event) => event.type === 'hit' && sources.push(event.source));
  expect(cache.stats().hits).toEqual({ memory: 0, valkey: 0 });

  await cache.read(query, load.load);
  await cache.idle();
  await cache.read(query, load.load, (info) => infos.push(info));

  expect(infos).toMatchObject([{ status: 'hit', source: 'valkey' }]);
  expect(sources).toEqual(['valkey']);
  expect(cache.stats()).toMatchObject({ hits: { memory: 0, valkey: 1 }, hitRatio: 0.5 });
});

it('without a shared tier, only hits in memory are counted', async () => {
  const cache = createQueryCache({ database: 'alone' });
  expect(cache.stats().hits).toEqual({ memory: 0 });
  await cache.close();
});
