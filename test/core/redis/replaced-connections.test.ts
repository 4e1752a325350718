import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { afterAll, afterEach, expect, it } from 'vitest';

import {
  SENTINEL_NAME,
  startProxy,
  startRedis,
  startSentinel,
  talkTo,
  uniqueNamespace,
  waitUntil,
} from '../../support/services/index.js';
import type { Service } from '../../support/services/service.js';
import { FaultStory, type StoryRow, tableOfStories } from './fault-story.js';
import { until } from './open-redis.js';
import { startReplicatedCluster } from './replicated-cluster.js';

const rows: StoryRow[] = [];
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
afterAll(() => console.log(tableOfStories(rows)));

/** A client as `docs/concepts/redis.md` shows it. */
const asDocumented = { lazyConnect: true };
const LONG = 150_000;

async function start(settings: Parameters<typeof startRedis>[0] = {}): Promise<Service> {
  const service = await startRedis(settings);
  undo.push(() => service.stop());
  return service;
}

async function startPair(): Promise<{ readonly primary: Service; readonly replica: Service }> {
  const primary = await start();
  const replica = await start({ replicaOf: primary.peer });
  await until(async () => /master_link_status:up/.test(await talkTo(replica, (client) => client.info('replication'))));
  return { primary, replica };
}

async function proxied(service: Service) {
  const proxy = await startProxy(service);
  undo.push(() => proxy.close());
  return { proxy, url: proxy.url(service.url) };
}

function story(ways: ConstructorParameters<typeof FaultStory>[1], namespace = uniqueNamespace()): FaultStory {
  const told = new FaultStory(namespace, ways);
  undo.push(() => told.close());
  return told;
}

async function finish(told: Promise<StoryRow>): Promise<void> {
  const row = await told;
  rows.push(row);
  expect(row.stale).toBe(0);
}

it(
  'a server that became a replica is replaced by the new primary at the same address',
  async () => {
    const { primary, replica } = await startPair();
    const { proxy, url } = await proxied(primary);
    const told = story({
      client: { client: new Redis(url, asDocumented) },
      url: { url },
      'ioredis 5': { client: new Redis5(url, asDocumented) },
    });

    await finish(
      told.suffer('fail-over behind one address', async () => {
        proxy.retarget(replica);
        await talkTo(replica, (client) => client.replicaof('NO', 'ONE'));
        await talkTo(primary, (client) => client.replicaof(replica.peer.host, replica.peer.port));
      }),
    );
  },
  LONG,
);

it(
  'a connection whose peer disappeared without closing it is replaced, with a URL and with a client',
  async () => {
    const service = await start();
    const ways = { client: await proxied(service), url: await proxied(service) };
    const told = story({
      client: { client: new Redis(ways.client.url, asDocumented) },
      url: { url: ways.url.url },
      direct: { url: service.url },
    });

    await finish(
      told.suffer('half-open connections', async () => {
        ways.client.proxy.freeze();
        ways.url.proxy.freeze();
      }),
    );
  },
  LONG,
);

it(
  'a server that lacks its required replicas is used again when they are back',
  async () => {
    const { primary, replica } = await startPair();
    const told = story({ client: { client: new Redis(primary.url, asDocumented) }, url: { url: primary.url } });

    await finish(
      told.suffer('NOREPLICAS for 3 seconds', async () => {
        await talkTo(replica, (client) => client.replicaof('NO', 'ONE'));
        await talkTo(primary, (client) => client.config('SET', 'min-replicas-to-write', '1'));
        await pause(3_000);
        await talkTo(replica, (client) => client.replicaof(primary.peer.host, primary.peer.port));
      }),
    );
  },
  LONG,
);

it(
  'a primary that hangs is replaced by the one that Sentinel promoted, and not trusted when it resumes',
  async () => {
    const { primary, replica } = await startPair();
    const sentinel = await startSentinel(primary);
    undo.push(() => sentinel.stop());
    await until(async () => {
      const replicas = await talkTo(sentinel, (client) => client.call('sentinel', ['replicas', SENTINEL_NAME]));
      return Array.isArray(replicas) && replicas.length === 1;
    });
    const options = {
      ...asDocumented,
      name: SENTINEL_NAME,
      sentinels: [{ host: sentinel.host, port: sentinel.port }],
    };
    const told = story({
      'ioredis 6': { client: new Redis(options) },
      'ioredis 5': { client: new Redis5(options) },
      another: { client: new Redis(options) },
    });
    const isPrimary = async (service: Service): Promise<boolean> =>
      (await talkTo(service, (client) => client.info('replication'))).includes('role:master');

    await finish(
      told.suffer('Sentinel: the primary hangs', async () => {
        await primary.pause();
        await until(() => isPrimary(replica));
      }),
    );
    await finish(
      told.suffer('Sentinel: the old primary wakes', async () => {
        await primary.resume();
        // Sentinel looks for some time before it makes it a replica.
        await waitUntil('a replica again', async () => expect(await isPrimary(primary)).toBe(false), 60_000);
      }),
    );
  },
  LONG,
);

it(
  'a primary of a Cluster that hangs is replaced by its replica, and not trusted when it resumes',
  async () => {
    const namespace = uniqueNamespace();
    const cluster = await startReplicatedCluster(`{ct:${namespace}:story}:v`);
    undo.push(() => cluster.stop());
    const told = story(
      {
        'ioredis 6': { client: new Cluster(cluster.addresses, asDocumented) },
        'ioredis 5': { client: new Cluster5(cluster.addresses, asDocumented) },
        another: { client: new Cluster(cluster.addresses, asDocumented) },
      },
      namespace,
    );

    await finish(
      told.suffer('Cluster: a node without the log hangs for 3 seconds', async () => {
        await cluster.other.pause();
        await pause(3_000);
        await cluster.other.resume();
      }),
    );
    await finish(
      told.suffer('Cluster: the primary of the log hangs', async () => {
        await cluster.primary.pause();
        await until(() => cluster.isPrimary(cluster.replica));
      }),
    );
    await finish(
      told.suffer('Cluster: the old primary wakes', async () => {
        await cluster.primary.resume();
        await waitUntil(
          'a replica again',
          async () => expect(await cluster.isPrimary(cluster.primary)).toBe(false),
          60_000,
        );
      }),
    );
  },
  LONG,
);

it(
  'while the first connection is slow, reads go to the database and an explicit invalidation waits',
  async () => {
    const service = await start();
    const { proxy, url } = await proxied(service);
    proxy.blackhole();
    const told = story({
      client: { client: new Redis(url, asDocumented), deadline: '1s', openingDeadline: '60s' },
      url: { url, deadline: '1s', openingDeadline: '60s' },
    });

    for (let count = 0; count < 5; count++) expect(await told.reasons()).toEqual(['opening', 'opening']);
    const clearing = told.clear();
    await until(() => proxy.accepted >= 4);
    // The invalidation has waited for longer than `maxStaleness` by then, which is reported.
    expect(told.alarms.filter((type) => type !== 'queue-delayed')).toEqual([]);
    proxy.disconnect();
    proxy.restore();

    await clearing;
    await told.settle();
  },
  LONG,
);

it('a Redis that is down from the start is reported once', async () => {
  const service = await start();
  await service.kill();
  const told = story({ url: { url: service.url, openingDeadline: '100ms' } });

  await until(async () => (await told.reasons()).includes('log-unconfirmed'));
  await told.reasons();
  expect(told.alarms.filter((type) => type === 'log-unconfirmed')).toHaveLength(1);
  expect(told.failed.filter((operation) => operation === 'connect')).toHaveLength(1);

  await service.restart();
  await told.settle();
}, 60_000);

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
