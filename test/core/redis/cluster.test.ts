import { CacheEvents, systemClock } from '@cachetastic/core';
import { logContract, tierContract } from '@cachetastic/core/testing';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../packages/core/src/invalidation/change.js';
import type { RedisClient } from '../../../packages/core/src/tier/redis-client.js';
import { RedisConnection } from '../../../packages/core/src/tier/redis-connection.js';
import { RedisTier } from '../../../packages/core/src/tier/redis-tier.js';
import { startRedis, uniqueNamespace } from '../../support/services/index.js';
import type { Service } from '../../support/services/service.js';
import { openLog, until } from './open-redis.js';

/** The slots of a Cluster, and how they are shared by three nodes. */
const SHARES = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;

let nodes: Service[] = [];

beforeAll(async () => {
  const config = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '2000' };
  nodes = await Promise.all(SHARES.map(() => startRedis({ config })));
  const clients = nodes.map(({ url }) => new Redis(url));
  for (const [index, client] of clients.entries()) {
    const [from, to] = SHARES[index] ?? [0, 0];
    await client.call('cluster', ['addslotsrange', from, to]);
    const [first] = nodes;
    if (first !== undefined && index > 0) await client.cluster('MEET', first.peer.host, first.peer.port);
  }
  await until(async () => {
    const infos = await Promise.all(clients.map((client) => client.cluster('INFO')));
    return infos.every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3'));
  });
  for (const client of clients) client.disconnect();
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
});

const addresses = (): { host: string; port: number }[] => nodes.map(({ host, port }) => ({ host, port }));

function openTier(client: RedisClient): RedisTier {
  const connection = new RedisConnection({
    ...{ client, owned: true, deadline: 2_000, clock: systemClock },
    events: new CacheEvents(),
  });
  return new RedisTier({ connection, namespace: uniqueNamespace(), valueTypes: [], maxEntryBytes: 100_000 });
}

logContract({ describe, it }, 'a Cluster, ioredis 6', async () => {
  const namespace = uniqueNamespace();
  return { open: () => openLog(new Cluster(addresses()), namespace).log };
});

logContract({ describe, it }, 'a Cluster, ioredis 5', async () => {
  const namespace = uniqueNamespace();
  return { open: () => openLog(new Cluster5(addresses()), namespace).log };
});

tierContract({ describe, it }, 'a Cluster, ioredis 6', async () => openTier(new Cluster(addresses())));
tierContract({ describe, it }, 'a Cluster, with a prefix', async () =>
  openTier(new Cluster(addresses(), { keyPrefix: 'their:', enableAutoPipelining: true })),
);

it('subscribes again, to any node, when its node has closed the connection', async () => {
  const { log } = openLog(new Cluster(addresses()), uniqueNamespace());
  let interrupted = 0;
  const heard: number[] = [];
  log.subscribe({ onRecord: (_, { seq }) => heard.push(seq), onInterrupted: () => interrupted++ });
  await until(async () => {
    await log.append([EVERYTHING]);
    return heard.length > 0 && interrupted > 0;
  });
  const before = interrupted;

  for (const { url } of nodes) {
    const client = new Redis(url);
    await client.call('client', ['kill', 'type', 'pubsub']);
    client.disconnect();
  }

  await until(() => interrupted > before);
  const { seq } = await log.append([EVERYTHING]);
  await until(() => heard.includes(seq));
  expect(heard.at(-1)).toBe(seq);
  await log.close();
});
