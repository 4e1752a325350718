import { CacheEvents, systemClock } from '@cachetastic/core';
import { logContract, tierContract } from '@cachetastic/core/testing';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';
import type { RedisClient } from '../../../packages/core/src/redis/redis-client.js';
import { RedisConnection } from '../../../packages/core/src/redis/redis-connection.js';
import { sourceOfClient } from '../../../packages/core/src/redis/redis-source.js';
import { RedisTier } from '../../../packages/core/src/redis/redis-tier.js';
import { codeBlocks, readPage, section } from '../../docs/markdown.js';
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
    ...{ source: sourceOfClient(client), deadline: 2_000, openingDeadline: 5_000, clock: systemClock },
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

it('the subscription is opened again, on any node, after its node has closed the connection', async () => {
  const { log } = openLog(new Cluster(addresses()), uniqueNamespace());
  let interrupted = 0;
  const heard: number[] = [];
  log.subscribe({ onRecord: (_, { seq }) => heard.push(seq), onGap: () => interrupted++ });
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

/** Where the log of `namespace` is, and how to move it. */
async function shardOf(namespace: string) {
  const clients = nodes.map(({ url }) => new Redis(url));
  const ids = await Promise.all(clients.map((client) => client.cluster('MYID')));
  const key = `{${namespace}}:v`;
  const slot = Number(await clients[0]?.cluster('KEYSLOT', key));
  const owner = SHARES.findIndex(([from, to]) => slot >= from && slot <= to);
  const at = (index: number): Redis => clients[index % clients.length] as Redis;
  return {
    channelsAt: (index: number) => at(index).call('pubsub', ['shardchannels', `*${namespace}*`]),
    async publishedAt(index: number) {
      const stats = await at(index).info('commandstats');
      const calls = (name: string) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
      return { publish: calls('publish'), spublish: calls('spublish') };
    },
    owner,
    /** Moves the slot, and what is in it, to `target`. */
    async move(source: number, target: number) {
      const [from, to] = [at(source), at(target)];
      const [fromId, toId] = [String(ids[source % ids.length]), String(ids[target % ids.length])];
      await to.cluster('SETSLOT', slot, 'IMPORTING', fromId);
      await from.cluster('SETSLOT', slot, 'MIGRATING', toId);
      const keys = await from.cluster('GETKEYSINSLOT', slot, 100);
      const { host, port } = (nodes[target % nodes.length] as Service).peer;
      if (keys.length > 0) await from.migrate(host, port, '', 0, 5_000, 'KEYS', ...keys);
      for (const client of [to, from, at(3 - ((source + target) % 3))])
        await client.cluster('SETSLOT', slot, 'NODE', toId);
    },
    close() {
      for (const client of clients) client.disconnect();
    },
  };
}

for (const [version, make] of [
  ['6', () => new Cluster(addresses())],
  ['5', () => new Cluster5(addresses())],
] as const) {
  it(`messages arrive from the shard of the log only, also after the log has moved: ioredis ${version}`, async () => {
    const namespace = uniqueNamespace();
    const { log, events } = openLog(make(), namespace);
    const shard = await shardOf(namespace);
    const heard: string[] = [];
    log.subscribe({ onRecord: (epoch, { seq }) => heard.push(`${epoch} ${seq}`), onGap: () => undefined });
    const append = async () => {
      const { epoch, seq } = await log.append([EVERYTHING]);
      return `${epoch} ${seq}`;
    };
    await until(async () => {
      await append();
      return heard.length > 0;
    });
    const next = (shard.owner + 1) % 3;

    expect(await shard.channelsAt(shard.owner)).toHaveLength(1);
    expect(await shard.channelsAt(next)).toHaveLength(0);
    const before = await shard.publishedAt(shard.owner);
    await append();
    const after = await shard.publishedAt(shard.owner);
    expect(after).toEqual({ publish: before.publish, spublish: before.spublish + 1 });

    await shard.move(shard.owner, next);
    let last = await append();
    await until(async () => {
      if (heard.includes(last)) return true;
      last = await append();
      return false;
    });
    expect(await shard.channelsAt(next)).toHaveLength(1);
    // Version 5 takes the server's notice for an error of its own.
    if (version === '6') expect(events).toEqual([]);

    await shard.move(next, shard.owner);
    await log.close();
    shard.close();
  });
}

it('the permissions that the documentation names are enough', async () => {
  const page = readPage('docs/operations.md');
  const rule = codeBlocks(section(page, 'What Redis needs'))[0]?.code.trim().split(' ').slice(1) ?? [];
  const [, more = ''] = /In a Cluster, `([^`]+)`/.exec(page) ?? [];
  expect(rule).toContain('cachetastic');
  for (const { url } of nodes) {
    const admin = new Redis(url);
    await admin.call('ACL', ...rule, ...more.split(' '));
    admin.disconnect();
  }
  const client = new Cluster(addresses(), { redisOptions: { username: 'cachetastic', password: 'secret' } });
  // The permissions of the page are those of the namespace `shop`.
  const { log, events } = openLog(client, `ct:shop:${uniqueNamespace()}`);
  const heard: number[] = [];
  let subscribed = 0;
  log.subscribe({ onRecord: (_, { seq }) => heard.push(seq), onGap: () => subscribed++ });
  await until(() => subscribed > 0);

  const { seq } = await log.append([EVERYTHING]);
  await until(() => heard.includes(seq));
  expect((await log.sync(undefined)).head).toBe(seq);
  expect(events).toEqual([]);
  await log.close();
});

it('messages arrive from every node if the servers do not support shard channels', async () => {
  const node = await startRedis({ config: { 'cluster-enabled': 'yes' }, without: ['SSUBSCRIBE', 'SPUBLISH'] });
  const admin = new Redis(node.url);
  await admin.config('SET', 'cluster-announce-ip', node.host, 'cluster-announce-port', node.port);
  await admin.call('cluster', ['addslotsrange', '0', '16383']);
  await until(async () => (await admin.cluster('INFO')).includes('cluster_state:ok'));
  const { log, events } = openLog(new Cluster([{ host: node.host, port: node.port }]), uniqueNamespace());
  const heard: number[] = [];
  let subscribed = 0;
  log.subscribe({ onRecord: (_, { seq }) => heard.push(seq), onGap: () => subscribed++ });
  await until(() => subscribed > 0);

  const { seq } = await log.append([EVERYTHING]);
  await until(() => heard.includes(seq));

  expect(events).toEqual([]);
  await log.close();
  admin.disconnect();
  await node.stop();
});
