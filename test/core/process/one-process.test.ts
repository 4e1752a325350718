import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CacheEvent, CacheEvents, createQueryCache, type QueryCacheOptions } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { SeparateProcess } from '@cachetastic/core/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import type { LogPosition } from '../../../packages/core/src/log/log-record.js';
import { currentProcess } from '../../../packages/core/src/process/process-book.js';
import type { Tier } from '../../../packages/core/src/tier/tier.js';
import { VERSION } from '../../../packages/core/src/version.js';
import { emptyTier } from '../../support/core-setup.js';
import { type Held, held, settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';
import { sharedRedis, uniqueNamespace } from '../../support/services/index.js';
import { OneRow, SmallCaches, tierWith } from '../../support/small-cache.js';

const caches = new SmallCaches(createQueryCache);
let database: string;

beforeEach(() => {
  database = randomUUID();
});
afterEach(async () => {
  vi.doUnmock('../../../packages/core/src/version.js');
  await caches.close();
});

/** Another copy of the module, as a bundler or a package manager makes one. */
async function copyOfTheModule(version?: string): Promise<typeof createQueryCache> {
  vi.resetModules();
  if (version !== undefined) vi.doMock('../../../packages/core/src/version.js', () => ({ VERSION: version }));
  const copy = await import('@cachetastic/core');
  expect(copy.createQueryCache).not.toBe(createQueryCache);
  return copy.createQueryCache;
}

type Pair = readonly [QueryCacheOptions, QueryCacheOptions];

/** Two caches of one database that a user may have in one process, with whatever makes them differ. */
const PAIRS: Readonly<Record<string, () => Promise<Pair>>> = {
  'without Redis': async () => [{ database }, { database }],
  'without Redis, with other options': async () => [
    { database, maxStaleness: 5, memory: { maxEntries: 5 } },
    { database, intents: { lease: 1, fence: 9 } },
  ],
  'with one URL': async () => {
    const given = { database, namespace: uniqueNamespace() };
    const url = await sharedRedis();
    return [
      { ...given, shared: redis({ url, deadline: '5s' }) },
      { ...given, shared: redis({ url, deadline: '5s' }) },
    ];
  },
  'with one URL and other options': async () => {
    const given = { database, namespace: uniqueNamespace() };
    const url = await sharedRedis();
    return [
      { ...given, shared: redis({ url, deadline: '5s' }) },
      { ...given, maxStaleness: 30, shared: redis({ url, deadline: '6s', logLength: 500 }) },
    ];
  },
  'one with Redis, one without': async () => {
    const given = { database, namespace: uniqueNamespace() };
    return [{ ...given, shared: redis({ url: await sharedRedis(), deadline: '5s' }) }, given];
  },
};

describe.each(Object.entries(PAIRS))('two caches of one process, %s', (_name, pair) => {
  it.each([
    ['of one copy of the module', async () => createQueryCache],
    ['of two copies of the module', () => copyOfTheModule()],
    ['of two versions of the module', () => copyOfTheModule('0.0.1')],
  ])('%s, see the writes of the other at once', async (copies, copy) => {
    const [one, other] = await pair();
    const [a, b] = [caches.make(one), caches.make(other, await copy())];
    const row = new OneRow();

    let old = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      const [writer, reader] = turn % 2 === 0 ? [a, b] : [b, a];
      await row.read(reader);
      await row.read(reader);
      await row.write(writer);
      if ((await row.read(reader)) !== row.version) old += 1;
    }

    const versions = new Set([...currentProcess().pools.keys()].map((name) => name.split(' ')[0]));
    expect(versions.has('0.0.1')).toBe(copies.includes('versions'));
    currentProcess().pools.delete('0.0.1 tails');
    currentProcess().pools.delete('0.0.1 redis');
    expect(old).toBe(0);
    expect(a.stats().hits.memory + b.stats().hits.memory).toBeGreaterThan(0);
  });
});

it('caches of different databases do not invalidate each other', async () => {
  const [a, b] = [caches.make({ database }), caches.make({ database: randomUUID() })];
  const row = new OneRow();
  await row.read(a);
  await row.write(b);

  expect(await row.read(a)).toBe(0);
});

it('caches that simulate different processes do not receive the changes of each other', async () => {
  const here = caches.make({ database });
  const there = new SeparateProcess().run(() => caches.make({ database }));
  const row = new OneRow();
  await row.read(here);
  await row.write(there);

  expect(await row.read(here)).toBe(0);
});

it('a cache continues to work when another cache of its process is closed', async () => {
  const [a, b] = [caches.make({ database }), caches.make({ database })];
  const row = new OneRow();
  await row.read(a);
  await b.close();
  expect(await row.read(a)).toBe(0);
  expect(row.loads).toBe(1);

  await row.write(caches.make({ database }));
  expect(await row.read(a)).toBe(1);
});

it('caches with equal options share one log and one connection, which the last one closes', async () => {
  const log = new ScriptedLog();
  const options = { database, shared: tierWith(log) };
  const [a, b] = [caches.make(options), caches.make(options)];
  await settle();
  expect(log.syncs).toBe(1);
  log.closed = false;

  const row = new OneRow();
  await row.write(a);
  expect(log.records).toHaveLength(1);
  await a.close();
  expect(log.closed).toBe(false);
  expect(await row.read(b)).toBe(1);
  await b.close();
  expect(log.closed).toBe(true);
});

it('caches with one URL or one Redis client share one connection and one subscription', async () => {
  const url = await sharedRedis();
  const namespace = uniqueNamespace();
  const client = new Redis(url);
  try {
    for (const given of [{ url }, { client }]) {
      const before = await connections(client, namespace);
      const make = () => caches.make({ database, namespace, shared: redis({ ...given, deadline: '5s' }) });
      const first = make();
      const row = new OneRow();
      await vi.waitFor(async () => expect(first.stats().log.confirmed || (await row.read(first))).toBe(true), 10_000);
      await vi.waitFor(async () => expect(await connections(client, namespace)).toBe(before + 1), 10_000);

      for (let more = 0; more < 20; more += 1) await row.read(make());
      expect(await connections(client, namespace)).toBe(before + 1);
      await caches.close();
      await vi.waitFor(async () => expect(await connections(client, namespace)).toBe(before), 10_000);
    }
  } finally {
    client.disconnect();
  }
});

/** How many connections hear of the changes of `namespace`. */
async function connections(client: Redis, namespace: string): Promise<number> {
  const channels = (await client.pubsub('CHANNELS', `*${namespace}*`)) as string[];
  const counts = channels.length === 0 ? [] : ((await client.pubsub('NUMSUB', ...channels)) as unknown[]);
  return counts.filter((_, index) => index % 2 === 1).reduce<number>((sum, count) => sum + Number(count), 0);
}

describe('the events of caches that follow one log', () => {
  it('reach each of them if they concern the log, and only the writer if they concern a write', async () => {
    const log = new ScriptedLog();
    const heard = [0, 1].map(() => [] as CacheEvent[]);
    const [a] = heard.map((events) => {
      const cache = caches.make({ database, shared: tierWith(log) });
      cache.on((event) => events.push(event));
      return cache;
    });
    await settle();
    if (a === undefined) throw new Error('no cache');
    await new OneRow().write(a);
    await settle();

    const typesOf = (events: readonly CacheEvent[]) => events.map(({ type }) => type);
    expect(heard.map((events) => typesOf(events).includes('log-reset'))).toEqual([true, true]);
    expect(heard.map((events) => typesOf(events).includes('invalidate'))).toEqual([true, false]);
  });

  it('report a lost invalidation to the cache that made it, even if it was closed before', async () => {
    const log = new ScriptedLog();
    const options = { database, shared: tierWith(log) };
    const lost: string[] = [];
    const [a, b] = ['a', 'b'].map((name) => {
      const cache = caches.make(options);
      cache.on(({ type }) => type === 'invalidation-lost' && lost.push(name));
      return cache;
    });
    await settle();
    log.down = new Error('down');
    if (a === undefined || b === undefined) throw new Error('no cache');
    await new OneRow().write(a);

    await a.close();
    expect(lost).toEqual([]);
    expect(b.stats().queued).toBe(1);
    await b.close();
    expect(lost).toEqual(['a']);
  });
});

it('a cache that opens while changes of another cache wait judges its entries by them', async () => {
  const log = new ScriptedLog();
  const a = caches.make({ database, shared: tierWith(log) });
  await settle();
  log.down = new Error('down');
  await new OneRow().write(a);
  log.down = undefined;

  const otherLog = new ScriptedLog();
  caches.make({ database, shared: tierWith(otherLog) });
  await settle();

  expect(otherLog.records.flatMap(({ changes }) => changes)).toEqual([{ kind: 'model', model: 'Row', op: 'update' }]);
});

it('a cache that opens while the last other one delivers its last changes judges its entries by them', async () => {
  const log = new ScriptedLog();
  const entries = new Map<string, Entry>();
  const tier: Tier = {
    ...emptyTier,
    get: async (key) => entries.get(key),
    set: async (key, entry) => void entries.set(key, entry),
  };
  const options = { database, shared: { name: 'redis', open: () => ({ tier, log, connection: log }) } };
  const row = new OneRow();
  const closing = caches.make(options);
  await row.read(closing);
  await settle();
  expect(entries.size).toBe(1);

  const deliveries: Held<LogPosition>[] = [];
  log.append = () => {
    const delivery = held<LogPosition>();
    deliveries.push(delivery);
    return delivery.promise;
  };
  const writing = row.write(closing);
  await settle();
  deliveries[0]?.fail(new Error('no answer'));
  await writing;
  const closed = closing.close();
  await settle();
  // The attempt before the cache lets go of the log.
  deliveries[1]?.fail(new Error('no answer'));
  await settle();
  expect(deliveries).toHaveLength(3);

  const opened = caches.make(options);
  await settle();
  expect(await row.read(opened)).toBe(1);

  for (const { release } of deliveries) release({ epoch: log.epoch, seq: 1 });
  await closed;
});

it('the last cache to close reports the changes that still wait, also those of a cache that was closed before', async () => {
  const log = new ScriptedLog();
  const options = { database, shared: tierWith(log), closeTimeout: '1ms' } as const;
  const first = caches.make(options);
  const events: CacheEvent[] = [];
  first.on((event) => events.push(event));
  await settle();
  log.down = new Error('down');
  await new OneRow().write(first);
  log.append = () => held<LogPosition>().promise;
  const closed = first.close();
  // It tries once more, as the only cache that is left.
  await settle();
  const second = caches.make(options);
  await closed;
  expect(events).not.toContainEqual(expect.objectContaining({ type: 'invalidation-lost' }));

  await second.close();
  expect(events).toContainEqual(expect.objectContaining({ type: 'invalidation-lost', changes: 1 }));
});

it('a write that ends after its cache has closed invalidates in the other caches of the process', async () => {
  const before = caches.make({ database, intents: { lease: 1, fence: 9 } });
  const closing = caches.make({ database, closeTimeout: '1ms' });
  const row = new OneRow();
  await row.read(before);
  const transaction = closing.transaction();
  await closing.close();

  row.version += 1;
  transaction.add([{ kind: 'model', model: 'Row', op: 'update' }]);
  await transaction.commit();

  expect(await row.read(before)).toBe(1);
});

it('a write that ends after the last cache has closed invalidates in the next cache of the process', async () => {
  const closing = caches.make({ database, closeTimeout: '1ms' });
  const row = new OneRow();
  const transaction = closing.transaction();
  await closing.close();
  const after = caches.make({ database });
  await row.read(after);

  row.version += 1;
  transaction.add([{ kind: 'model', model: 'Row', op: 'update' }]);
  await transaction.commit();

  expect(await row.read(after)).toBe(1);
});

it('a copy of another version that fails does not make a write fail', async () => {
  const cache = caches.make({ database });
  const events: CacheEvent[] = [];
  cache.on((event) => events.push(event));
  const neighbours = currentProcess().neighbours.get(`ct:cachetastic:${database}`);
  const broken = {
    hear() {
      throw new Error('of another version');
    },
    waiting: () => [],
  };
  neighbours?.add(broken);

  await new OneRow().write(cache);
  expect(events).toContainEqual(expect.objectContaining({ type: 'tier-failed', tier: 'process', operation: 'tell' }));
  neighbours?.delete(broken);
});

it('a cache that the application drops without closing it is garbage collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const log = new ScriptedLog();
  const dropped = (): WeakRef<object> => {
    const cache = createQueryCache({ database, shared: tierWith(log) });
    cache.on(() => cache.stats());
    void new OneRow().read(cache);
    return new WeakRef(cache);
  };
  const cache = dropped();
  await vi.waitFor(
    () => {
      collect();
      expect({ kept: cache.deref() !== undefined, closed: log.closed }).toEqual({ kept: false, closed: true });
    },
    { timeout: 20_000, interval: 20 },
  );
});

it('the version by which copies of the package share their state is that of the package', async () => {
  const { default: manifest } = await import('../../../packages/core/package.json', { with: { type: 'json' } });
  expect(VERSION).toBe(manifest.version);
});

describe('memory of one process', () => {
  const pool = {};
  const make = (options: Partial<QueryCacheOptions> = {}) => caches.make({ database, origin: pool, ...options });

  it('is shared by caches that reach their database through the same object with equal options', async () => {
    const row = new OneRow();
    const [a, b] = [make(), make()];
    expect([await row.read(a), await row.read(b)]).toEqual([0, 0]);
    expect([row.loads, b.stats().hits.memory, b.stats().memory.entries]).toEqual([1, 1, 1]);

    await a.close();
    await row.read(b);
    expect(row.loads).toBe(1);
    await row.write(b);
    expect(await row.read(make())).toBe(1);
  });

  const tag: QueryCacheOptions['valueTypes'] = [
    { tag: 't', is: () => false, toKey: String, toText: String, fromText: Object, copy: Object },
  ];
  it.each<[string, Partial<QueryCacheOptions>]>([
    ['another object', { origin: {} }],
    ['no object that is known', { origin: undefined }],
    ['another identity', { identity: 'other' }],
    ['other bounds', { memory: { maxEntries: 5 } }],
    ['other classes of values', { valueTypes: tag }],
    ['another log', { shared: tierWith(new ScriptedLog()) }],
  ])('is not shared with a cache that has %s', async (_what, options) => {
    const row = new OneRow();
    await row.read(make());
    await row.read(make(options));

    expect(row.loads).toBe(2);
  });

  it('reports evictions to every cache that shares it', async () => {
    const [a, b] = [make({ memory: { maxEntries: 1 } }), make({ memory: { maxEntries: 1 } })];
    const heard: string[] = [];
    b.on(({ type }) => type === 'evict' && heard.push(type));
    for (let id = 0; id < 10; id += 1) {
      const footprint = { dependencies: [], tags: [] };
      await a.read({ name: 'n', keyParts: [id], footprint, lifetime: { ttl: 1e6, swr: 0, grace: 0 } }, async () => id);
    }

    expect(heard.length).toBeGreaterThan(5);
    expect([a.stats().evictions, b.stats().evictions]).toEqual([heard.length, heard.length]);
  });

  it('is reported from the tenth cache of one database on, if each keeps its own', () => {
    const heard: CacheEvent[] = [];
    for (let count = 1; count <= 11; count += 1) {
      const events = new CacheEvents();
      events.on((event) => heard.push(event));
      make({ origin: {}, events });
    }

    expect(heard).toEqual([
      { type: 'many-caches', caches: 10 },
      { type: 'many-caches', caches: 11 },
    ]);
  });
});
