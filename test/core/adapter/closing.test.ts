import { randomUUID } from 'node:crypto';
import { type CacheEvent, CacheEvents, createQueryCache, EVERYTHING, type QueryCache } from '@cachetastic/core';
import { LazyCache, type RenewedCatalogue, runAlone } from '@cachetastic/core/adapter';
import { SeparateProcess } from '@cachetastic/core/testing';
import { describe, expect, it } from 'vitest';
import { held } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';
import { OneRow, tierWith } from '../../support/small-cache.js';

const NEVER = new Promise<never>(() => {});
const RECENT: RenewedCatalogue = { isTooOld: false, renew: async () => {} };
const USERS = { kind: 'model', model: 'User', op: 'update' } as const;

/** A client's cache whose database says its name as `identify` does. */
function client(identify: () => Promise<void>, closeTimeout = 100) {
  const events = new CacheEvents();
  const heard: CacheEvent[] = [];
  events.on((event) => heard.push(event));
  const log = new ScriptedLog();
  const process = new SeparateProcess();
  const made: QueryCache[] = [];
  const lazyCache = new LazyCache({
    events,
    settings: { intents: undefined, closeTimeout },
    make: async () => {
      await identify();
      const cache = process.run(() => createQueryCache({ database: randomUUID(), events, shared: tierWith(log) }));
      made.push(cache);
      return cache;
    },
  });
  return {
    lazyCache,
    log,
    write: (run: () => Promise<unknown> = async () => {}, catalogue = RECENT) =>
      runAlone(lazyCache, catalogue, { run, describe: () => [USERS], intend: () => [USERS] }),
    lost: () => heard.filter(({ type }) => type === 'invalidation-lost'),
    queued: () => heard.filter((event) => event.type === 'invalidate' && event.queued),
  };
}

describe('changes that wait because the database has not reported its name', () => {
  it('are counted, reported when they begin to wait, and reported as lost by close', async () => {
    const { lazyCache, write, lost, queued } = client(() => Promise.reject(new Error('permission denied')));
    await write();
    await write();

    expect(lazyCache.stats().queued).toBe(2);
    expect(queued()).toEqual([
      { type: 'invalidate', changes: 1, models: ['User'], queued: true },
      { type: 'invalidate', changes: 1, models: ['User'], queued: true },
    ]);
    await lazyCache.close();
    expect(lost()).toEqual([{ type: 'invalidation-lost', changes: 2 }]);
    expect(lazyCache.stats().queued).toBe(0);
  });

  it('are delivered by close if the database reports its name then', async () => {
    let failures = 1;
    const { lazyCache, log, write, lost } = client(async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('connection lost');
    });
    await write();
    expect(log.records).toEqual([]);
    await lazyCache.close();

    expect(log.records.map(({ changes }) => changes)).toContainEqual([USERS]);
    expect(lost()).toEqual([]);
  });

  it('are delivered by a close that begins while their write waits for the first connection', async () => {
    const named = held<void>();
    const { lazyCache, log, write, lost } = client(() => named.promise, 60_000);
    const writing = write();
    const closing = lazyCache.close();
    named.release();
    await Promise.all([writing, closing]);

    expect(log.records.map(({ changes }) => changes)).toContainEqual([USERS]);
    expect(lost()).toEqual([]);
  });
});

it('closing waits for a write that waits for the catalogue', async () => {
  const { lazyCache, log, write, lost } = client(async () => {}, 60_000);
  await lazyCache.open();
  const read = held<void>();
  const ended: string[] = [];
  const writing = write(undefined, { isTooOld: true, renew: () => read.promise }).then(() => ended.push('write'));
  const closing = lazyCache.close().then(() => ended.push('close'));
  read.release();

  await Promise.all([writing, closing]);

  expect(ended).toEqual(['write', 'close']);
  expect(log.records.map(({ changes }) => changes)).toContainEqual([USERS]);
  expect(lost()).toEqual([]);
});

describe('close', () => {
  it('close ends while the database never reports its name', async () => {
    const { lazyCache, write, lost } = client(() => NEVER);
    void write();
    await lazyCache.close();
    expect(lost()).toEqual([{ type: 'invalidation-lost', changes: 1 }]);
  });

  it('close ends while a write and a transaction never end, and reports both as lost', async () => {
    const { lazyCache, write, lost } = client(async () => {});
    await write();
    void write(() => NEVER);
    lazyCache.transaction();
    await lazyCache.close();

    expect(lost()).toEqual([{ type: 'invalidation-lost', changes: 2 }]);
  });

  it('close ends soon after the database is disconnected, although a write has not ended', async () => {
    const { lazyCache, write, lost } = client(async () => {}, 3_600_000);
    await write();
    void write(() => NEVER);
    await lazyCache.close({ disconnected: Promise.resolve() });

    expect(lost()).toEqual([]);
  });

  it('close ends while the log never responds, and reports the changes that wait', async () => {
    const { lazyCache, log, write, lost } = client(async () => {});
    await lazyCache.open();
    log.hold('append');
    void write();
    await lazyCache.close();

    expect(lost().length).toBeGreaterThan(0);
  });

  it('a write that commits after close reports its changes as lost', async () => {
    const { lazyCache, write, lost } = client(async () => {});
    await write();
    const committed = held<void>();
    const writing = write(() => committed.promise);
    await lazyCache.close();
    committed.release();
    await writing;

    expect(lost()).toEqual([
      { type: 'invalidation-lost', changes: 1 },
      { type: 'invalidation-lost', changes: 1 },
    ]);
  });
});

it('the counts of a client continue after a close', async () => {
  const { lazyCache, log, write } = client(async () => {});
  const row = new OneRow();
  const cache = await lazyCache.open();
  if (cache === undefined) throw new Error('not open');
  await row.read(cache);
  await row.read(cache);
  await write();
  await lazyCache.close();
  const closed = lazyCache.stats();
  expect(closed).toMatchObject({ misses: 1, invalidations: 1, memory: { entries: 0, bytes: 0 } });

  log.closed = false;
  const again = await lazyCache.open();
  await again?.invalidate([EVERYTHING]);
  expect(lazyCache.stats()).toMatchObject({ misses: 1, invalidations: 2 });
  await lazyCache.close();
});

it('hits of the shared tier are counted from 0, before the cache is open too', () => {
  const events = new CacheEvents();
  const settings = { intents: undefined, closeTimeout: 100 };
  const lazyCache = new LazyCache({ events, settings, make: () => NEVER, shared: { name: 'redis' } });

  expect(lazyCache.stats().hits).toEqual({ memory: 0, redis: 0 });
});
