import { createQueryCache, type QueryCache, type ReadInfo } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { afterEach, expect, it } from 'vitest';
import type { RedisClient } from '../../../packages/core/src/redis/redis-client.js';
import { SENTINEL_NAME, startRedis, startSentinel, talkTo, uniqueNamespace } from '../../support/services/index.js';
import type { Address, Service } from '../../support/services/service.js';
import { until } from './open-redis.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function owned(service: Service): Service {
  undo.push(() => service.stop());
  return service;
}

/** A primary, its replica in step, and a Sentinel that knows both. */
async function startWatched() {
  const primary = owned(await startRedis());
  const replica = owned(await startRedis({ replicaOf: primary.peer }));
  await until(async () => /master_link_status:up/.test(await talkTo(replica, (client) => client.info('replication'))));
  const sentinel = owned(await startSentinel(primary));
  await until(async () => {
    const replicas = await talkTo(sentinel, (client) => client.call('sentinel', ['replicas', SENTINEL_NAME]));
    return Array.isArray(replicas) && replicas.length === 1;
  });
  return { primary, replica, sentinel };
}

const SETTINGS = {
  name: SENTINEL_NAME,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => 50,
  sentinelRetryStrategy: () => 50,
};

for (const [version, connectTo] of [
  ['6', (sentinel: Address): RedisClient => new Redis({ ...SETTINGS, sentinels: [sentinel] })],
  ['5', (sentinel: Address): RedisClient => new Redis5({ ...SETTINGS, sentinels: [sentinel] })],
] as const) {
  it(`after Sentinel promoted the replica, the cache works and serves no older entry: ioredis ${version}`, async () => {
    const { primary, sentinel } = await startWatched();
    const namespace = uniqueNamespace();
    const open = (): QueryCache => {
      const client = connectTo({ host: sentinel.host, port: sentinel.port });
      const cache = createQueryCache({ namespace, database: 'watched', shared: redis({ client }) });
      undo.push(async () => {
        await cache.close();
        client.disconnect();
      });
      return cache;
    };
    const [writer, reader] = [open(), open()];
    let version = 0;
    const read = async (cache: QueryCache) => {
      let info: ReadInfo | undefined;
      const value = await cache.read(
        {
          name: 'Item.findUnique',
          keyParts: { id: 1 },
          footprint: { dependencies: [{ model: 'items' }], tags: [] },
          lifetime: { ttl: 600_000, swr: 0, grace: 0 },
        },
        async () => version,
        (told) => {
          info = told;
        },
      );
      return { value, status: info?.status };
    };
    const write = (): Promise<number> =>
      writer.write(
        async () => ++version,
        () => [{ kind: 'model', model: 'items', op: 'update' }],
      );
    /** Both answer from memory, and the same. */
    const caches = async (): Promise<boolean> => {
      const answers = [await read(writer), await read(reader)];
      return answers.every(({ value, status }) => status === 'hit' && value === version);
    };
    await until(caches);
    const epoch = reader.stats().log.epoch;

    await primary.kill();
    const acknowledged: { readonly version: number; readonly at: number }[] = [];
    await until(async () => {
      acknowledged.push({ version: await write(), at: performance.now() });
      const asked = performance.now();
      const due = acknowledged.findLast(({ at }) => at < asked - 1_100)?.version ?? 0;
      expect((await read(writer)).value).toBe(version);
      expect((await read(reader)).value).toBeGreaterThanOrEqual(due);
      return reader.stats().log.confirmed && reader.stats().log.epoch !== epoch && writer.stats().queued === 0;
    });

    await until(caches);
    await write();
    await until(async () => (await read(reader)).value === version);
    await until(caches);
  }, 30_000);
}
