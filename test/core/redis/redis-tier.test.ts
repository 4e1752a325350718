import { CacheEvents, CodecError, systemClock, TierUnavailableError } from '@cachetastic/core';
import { tierContract } from '@cachetastic/core/testing';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import type { RedisClient } from '../../../packages/core/src/redis/redis-client.js';
import { RedisConnection } from '../../../packages/core/src/redis/redis-connection.js';
import { type RedisSource, sourceOfClient } from '../../../packages/core/src/redis/redis-source.js';
import { RedisTier } from '../../../packages/core/src/redis/redis-tier.js';
import { sharedRedis, startRedis, uniqueNamespace } from '../../support/services/index.js';
import { watchedSource } from './open-redis.js';

let url: string;
beforeAll(async () => {
  url = await sharedRedis();
});

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function openTier(client: RedisClient, namespace = uniqueNamespace(), maxEntryBytes = 100_000): RedisTier {
  undo.push(() => client.disconnect());
  return openTierOf(sourceOfClient(client), namespace, maxEntryBytes);
}

function openTierOf(source: RedisSource, namespace = uniqueNamespace(), maxEntryBytes = 100_000): RedisTier {
  const connection = new RedisConnection({
    ...{ source, deadline: 2_000, openingDeadline: 5_000, clock: systemClock },
    events: new CacheEvents(),
  });
  return new RedisTier({ connection, namespace, valueTypes: [], maxEntryBytes });
}

tierContract({ describe, it }, 'Redis, ioredis 6', async () => openTier(new Redis(url)));
tierContract({ describe, it }, 'Redis, ioredis 5', async () => openTier(new Redis5(url)));
tierContract({ describe, it }, 'Redis, a client with its own ideas', async () =>
  openTier(new Redis(url, { keyPrefix: 'their:', stringNumbers: true, enableAutoPipelining: true })),
);

const entry: Entry = {
  ...{ value: 'value', footprint: { dependencies: [], tags: [] }, stamp: { epoch: 'e', seq: 1 } },
  ...{ createdAt: 1, staleAt: 2, refreshUntil: 2, expiresAt: 3 },
};

describe('entries in Redis', () => {
  function setup(maxEntryBytes?: number): { tier: RedisTier; client: Redis; namespace: string } {
    const namespace = uniqueNamespace();
    const client = new Redis(url);
    const tier = openTier(client, namespace, maxEntryBytes);
    undo.push(() => tier.close());
    return { tier, client, namespace };
  }

  it('are stored under the namespace and expire at the end of their lifetime', async () => {
    const { tier, client, namespace } = setup();

    await tier.set('a:b', entry, 60_000);

    const left = await client.pttl(`${namespace}:e:a:b`);
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('an entry under the key of another is corrupt, and the error names that key', async () => {
    const { tier, client, namespace } = setup();
    await tier.set('one', entry, 60_000);
    await tier.set('two', { ...entry, value: 'other' }, 60_000);
    await client.copy(`${namespace}:e:two`, `${namespace}:e:one`, 'REPLACE');

    await expect(tier.get('one')).rejects.toThrow(`another key than ${namespace}:e:one`);
    await expect(tier.get('two')).resolves.toMatchObject({ value: 'other' });
  });

  it('entries that are looked up in one turn share one command', async () => {
    const source = watchedSource(url);
    const tier = openTierOf(source);
    undo.push(() => tier.close());
    await tier.set('a', entry, 60_000);
    const [client] = source.made;
    if (client === undefined) throw new Error('It has made no client.');
    const sent: string[] = [];
    const send = client.sendCommand.bind(client);
    client.sendCommand = (command, ...rest) => {
      sent.push(command.name);
      return send(command, ...rest);
    };

    const afterAPromise = Promise.resolve().then(() => tier.get('b'));
    await Promise.all([tier.get('a'), tier.get('absent'), afterAPromise]);
    await tier.get('a');

    expect(sent).toEqual(['mget', 'mget']);
  });

  it('an entry that cannot be read does not affect other look-ups of its turn', async () => {
    const { tier, client, namespace } = setup();
    await tier.set('good', entry, 60_000);
    await client.set(`${namespace}:e:bad`, 'rubbish');
    await client.lpush(`${namespace}:e:list`, 'of another kind');

    const [good, bad, list] = await Promise.allSettled([tier.get('good'), tier.get('bad'), tier.get('list')]);

    expect(good).toMatchObject({ status: 'fulfilled', value: { value: 'value' } });
    expect(bad).toMatchObject({ status: 'rejected', reason: expect.any(CodecError) });
    expect(list).toEqual({ status: 'fulfilled', value: undefined });
  });

  it('an entry that is too large is refused, and the stored one stays', async () => {
    const { tier } = setup(1_000);
    await tier.set('key', entry, 60_000);

    await expect(tier.set('key', { ...entry, value: 'x'.repeat(1_000) }, 60_000)).rejects.toThrow(/maxEntryBytes/);

    expect((await tier.get('key'))?.value).toBe('value');
  });
});

it('an entry can be read but not stored while Redis is full', async () => {
  const service = await startRedis();
  const client = new Redis(service.url);
  const tier = openTier(client);
  undo.push(
    () => service.stop(),
    () => tier.close(),
  );
  await tier.set('before', entry, 60_000);
  await client.set('filler', 'x'.repeat(8_000_000));
  await client.config('SET', 'maxmemory', '4mb');

  for (let count = 0; count < 5; count++) {
    await expect(tier.set('after', entry, 60_000)).rejects.toThrow(TierUnavailableError);
  }

  expect((await tier.get('before'))?.value).toBe('value');
});
