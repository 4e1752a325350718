import { createQueryCache, type QueryCache } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, uniqueNamespace } from '../../support/services/index.js';
import type { Service } from '../../support/services/service.js';

let service: Service;
let watcher: Redis;
let cache: QueryCache;

beforeAll(async () => {
  service = await startRedis();
  watcher = new Redis(service.url);
  cache = createQueryCache({
    namespace: uniqueNamespace(),
    database: 'cost',
    // No question to the log while commands are counted.
    maxStaleness: '1h',
    shared: redis({ url: service.url, deadline: '5s' }),
  });
  // The first append sends the whole script, which Redis then keeps.
  await append();
});
afterAll(async () => {
  await cache.close();
  watcher.disconnect();
  await service.stop();
});

it('a write sends one script, which runs the same commands however many entries are cached', async () => {
  await cacheEntries(10);
  const few = await commandsOf(append);
  await cacheEntries(2_000);
  const many = await commandsOf(append);

  expect(await watcher.dbsize()).toBeGreaterThan(2_000);
  expect(many).toEqual(few);
  expect(few['evalsha']).toBe(1);
  expect(few).not.toHaveProperty('eval');
  for (const command of ['keys', 'scan', 'del', 'unlink', 'smembers']) expect(few).not.toHaveProperty(command);
});

function append(): Promise<void> {
  return cache.invalidate([{ kind: 'model', model: 'users', op: 'update' }]);
}

async function cacheEntries(count: number): Promise<void> {
  const reads = Array.from({ length: count }, (_, id) =>
    cache.read(
      {
        name: 'User.findUnique',
        keyParts: { id },
        footprint: { dependencies: [{ model: 'users' }], tags: [] },
        lifetime: { ttl: 60_000, swr: 0, grace: 0 },
      },
      async () => ({ id }),
    ),
  );
  await Promise.all(reads);
  await cache.idle();
}

/** How often Redis ran each command during `work`. */
async function commandsOf(work: () => Promise<void>): Promise<Record<string, number>> {
  await watcher.config('RESETSTAT');
  await work();
  const stats = await watcher.info('commandstats');
  const calls = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
  return Object.fromEntries(
    calls.map(([, name = '', count]) => [name, Number(count)] as const).filter(([name]) => !name.startsWith('config')),
  );
}
