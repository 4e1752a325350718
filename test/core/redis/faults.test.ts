import { TierUnavailableError } from '@cachetastic/core';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';
import type { RedisClient } from '../../../packages/core/src/redis/redis-client.js';
import { type RedisSource, sourceOfClient } from '../../../packages/core/src/redis/redis-source.js';
import { type NetworkProxy, startProxy, startRedis, uniqueNamespace } from '../../support/services/index.js';
import type { Service } from '../../support/services/service.js';
import { connect, type OpenedLog, openLog, openLogOf, until, watchedSource } from './open-redis.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function start(settings: Parameters<typeof startRedis>[0] = {}): Promise<Service> {
  const service = await startRedis(settings);
  undo.push(() => service.stop());
  return service;
}

function open(
  client: RedisClient,
  options: Parameters<typeof openLog>[2] = {},
  namespace = uniqueNamespace(),
): OpenedLog {
  const opened = openLog(client, namespace, options);
  undo.push(() => opened.log.close());
  return opened;
}

function openOf(source: RedisSource, options: Parameters<typeof openLogOf>[2] = {}): OpenedLog {
  const opened = openLogOf(source, uniqueNamespace(), options);
  undo.push(() => opened.log.close());
  return opened;
}

async function proxied(service: Service): Promise<NetworkProxy> {
  const proxy = await startProxy(service);
  undo.push(() => proxy.close());
  return proxy;
}

async function rejection(work: Promise<unknown>): Promise<{ readonly error: unknown; readonly took: number }> {
  const from = performance.now();
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, took: performance.now() - from };
}

describe('a Redis that does not respond', () => {
  it('delays three calls by the deadline, then none, and nothing is sent meanwhile', async () => {
    const service = await start();
    const source = watchedSource(service.url);
    const { log } = openOf(source, { deadline: 50 });
    await reached(log);
    const sentOn = (): number => source.made.reduce((sum, { commandQueue }) => sum + commandQueue.length, 0);
    await service.pause();

    const waited = [];
    for (let count = 0; count < 3; count++) waited.push(await rejection(log.sync(undefined)));
    const sent = sentOn();
    const skipped = await rejection(log.sync(undefined));

    for (const { error, took } of waited) {
      expect(error).toBeInstanceOf(TierUnavailableError);
      expect(took).toBeGreaterThanOrEqual(45);
      expect(took).toBeLessThan(1_000);
    }
    expect(skipped.error).toBeInstanceOf(TierUnavailableError);
    expect(skipped.took).toBeLessThan(20);
    expect(sentOn()).toBe(sent);
    await service.resume();
  });

  it('is used again when it responds again', async () => {
    const service = await start();
    const { log } = open(new Redis(service.url), { deadline: 50 });
    await reached(log);
    const known = await log.append([EVERYTHING]);
    await service.pause();
    for (let count = 0; count < 3; count++) await rejection(log.sync(known));

    await service.resume();

    await until(async () => (await rejection(log.sync(known))).error === undefined);
    expect(await log.sync(known)).toMatchObject({ kind: 'continuation' });
  });

  it('delays no call if the connection is lost, even if the client would queue and retry forever', async () => {
    const service = await start();
    const client = new Redis(service.url, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
    const { log, connection } = open(client, { deadline: 2_000 });
    await log.sync(undefined);
    await service.kill();
    await until(async () => client.status !== 'ready' && !connection.ready);

    const results = await Promise.all(Array.from({ length: 100 }, () => rejection(log.append([EVERYTHING]))));

    for (const { error, took } of results) {
      expect(error).toBeInstanceOf(TierUnavailableError);
      expect(took).toBeLessThan(500);
    }
    await service.restart();
    await until(() => connection.ready);
    // Nothing had waited in the client's queue.
    expect((await log.sync(undefined)).head).toBe(0);
  });

  it('widens and reports a long record only when the record is sent', async () => {
    const service = await start();
    const client = connect(service.url);
    const { log, connection, events } = open(client);
    // More than a record names.
    const many = Array.from({ length: 1_100 }, (_, n) => ({ kind: 'tag', tag: `t${n}` }) as const);
    const widened = () => events.filter(({ type }) => type === 'widened').length;
    await log.sync(undefined);
    await service.kill();
    await until(() => !connection.ready);
    for (let count = 0; count < 5; count++) await rejection(log.append(many));
    const before = widened();

    await service.restart();

    await until(async () => (await rejection(log.append(many))).error === undefined);
    expect([before, widened()]).toEqual([0, 1]);
  });

  it('fails every call within the deadline if it was never reachable, and is used once it is reachable', async () => {
    const service = await start();
    await service.kill();
    const { log, events } = open(connect(service.url), { deadline: 50, openingDeadline: 200 });

    const { error, took } = await rejection(log.append([EVERYTHING]));
    expect(error).toBeInstanceOf(TierUnavailableError);
    expect(took).toBeLessThan(1_000);
    await until(() => events.length > 0);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'tier-failed', tier: 'redis', operation: 'connect' }),
    );

    await service.restart();
    await until(async () => (await rejection(log.append([EVERYTHING]))).error === undefined);
  });
});

describe('a connection whose peer disappeared without closing it', () => {
  it('is replaced after two seconds of silence', async () => {
    const service = await start();
    const proxy = await proxied(service);
    const { log } = openOf(watchedSource(proxy.url(service.url)), { deadline: 50 });
    await reached(log);
    proxy.blackhole();

    await rejection(log.sync(undefined));

    await until(() => proxy.accepted > 1);
    proxy.disconnect();
    proxy.restore();
    await until(async () => (await rejection(log.sync(undefined))).error === undefined);
  });

  it('is replaced by a connection of the log itself if the application has closed its client', async () => {
    const service = await start();
    const client = new Redis(service.url);
    await client.quit();
    const { log } = open(client, { deadline: 5_000 });

    expect(await log.sync(undefined)).toMatchObject({ kind: 'reset' });
  });
});

describe('a Redis that refuses requests', () => {
  it('a Redis that refuses the password is unavailable, and no event contains the password', async () => {
    const service = await start({ password: 'right' });
    const { log, events } = open(connect(service.url.replace('right', 'wrong-secret')));

    const { error } = await rejection(log.sync(undefined));

    expect(error).toBeInstanceOf(TierUnavailableError);
    await until(async () => events.some((event) => event.type === 'tier-failed'));
    const shown = events.map((event) => (event.type === 'tier-failed' ? event.error : event));
    expect(String(shown)).toMatch(/WRONGPASS/);
    expect(JSON.stringify(shown.map((error) => Object.assign({}, error)))).not.toContain('wrong-secret');
  });

  it('a Redis that refuses writes because it is a replica is unavailable, however often it is asked', async () => {
    const primary = await start();
    const replica = await start({ replicaOf: primary.peer });
    const { log } = open(connect(replica.url));

    for (let count = 0; count < 5; count++) {
      await expect(log.append([EVERYTHING])).rejects.toThrow(/READONLY|read only/);
    }
    await expect(log.sync(undefined)).rejects.toThrow(TierUnavailableError);
  });

  it('a Redis that refuses entries because its memory is full still accepts invalidations', async () => {
    const service = await start();
    const client = new Redis(service.url);
    const { log } = open(client);
    const known = await log.append([EVERYTHING]);
    await client.set('filler', 'x'.repeat(8_000_000));
    await client.config('SET', 'maxmemory', '4mb');
    await expect(client.eval("return redis.call('set', 'a', 'b')", 0)).rejects.toThrow(/OOM/);

    const next = await log.append([{ kind: 'tag', tag: 'full' }]);

    expect(next).toEqual({ epoch: known.epoch, seq: known.seq + 1 });
    expect(await log.sync(known)).toMatchObject({ kind: 'continuation', head: next.seq });
  });

  it('a Redis that refuses entries because its memory is full still begins a new epoch', async () => {
    const service = await start();
    const client = new Redis(service.url);
    const namespace = uniqueNamespace();
    const { log } = open(client, {}, namespace);
    const known = await log.append([EVERYTHING]);
    await client.set('filler', 'x'.repeat(8_000_000));
    await client.config('SET', 'maxmemory', '4mb');
    await client.del(`{${namespace}}:v`);

    const reply = await log.sync(known);

    expect(reply.kind).toBe('reset');
    expect(reply.epoch).not.toBe(known.epoch);
  });
});

describe('messages of the log', () => {
  it('a message reaches another process', async () => {
    const service = await start();
    const namespace = uniqueNamespace();
    const reader = open(connect(service.url), {}, namespace);
    const writer = open(connect(service.url), {}, namespace);
    const heard: unknown[] = [];
    reader.log.subscribe({ onRecord: (epoch, record) => heard.push([epoch, record]), onGap: () => {} });
    await subscribers(service, 1);

    const { epoch, seq } = await writer.log.append([{ kind: 'tag', tag: 'x' }]);

    await until(async () => heard.length > 0);
    expect(heard).toEqual([[epoch, { seq, changes: [{ kind: 'tag', tag: 'x' }] }]]);
  });

  it('messages arrive again after the subscription was interrupted, and the reader learns that some may be missing', async () => {
    const service = await start();
    const client = connect(service.url);
    const { log } = open(client);
    let interrupted = 0;
    const heard: number[] = [];
    log.subscribe({ onRecord: (_, { seq }) => heard.push(seq), onGap: () => interrupted++ });
    // The first sync may have been answered before the subscription stood.
    await until(() => interrupted === 1);

    await client.call('client', ['kill', 'type', 'pubsub']);

    await until(() => interrupted === 2);
    const { seq } = await log.append([EVERYTHING]);
    await until(async () => heard.includes(seq));
  });

  it('a message that cannot be read makes the reader ask the log', async () => {
    const service = await start();
    const client = connect(service.url);
    const namespace = uniqueNamespace();
    const { log } = open(client, {}, namespace);
    const heard: unknown[] = [];
    let interrupted = 0;
    log.subscribe({ onRecord: (_, { changes }) => heard.push(changes), onGap: () => interrupted++ });
    await until(() => interrupted === 1);

    await client.publish(`{${namespace}}:changes:0`, 'hello');
    await client.publish(`{${namespace}}:changes:0`, 'epoch 7\nhello');

    await until(async () => heard.length > 0);
    expect(interrupted).toBe(2);
    expect(heard).toEqual([[EVERYTHING]]);
  });

  it('records are requested again after the connection for commands was lost', async () => {
    const service = await start();
    const proxy = await proxied(service);
    const { log } = open(connect(proxy.url(service.url)));
    let interrupted = 0;
    log.subscribe({ onRecord: () => {}, onGap: () => interrupted++ });
    await subscribers(service, 1);

    proxy.disconnect();

    // Once for either connection.
    await until(async () => interrupted >= 2);
  });

  it('messages of other databases of the same Redis are ignored', async () => {
    const service = await start();
    const namespace = uniqueNamespace();
    const { log } = open(connect(service.url), {}, namespace);
    const elsewhere = open(new Redis(service.url, { db: 2 }), {}, namespace);
    const heard: number[] = [];
    log.subscribe({ onRecord: (_, { seq }) => heard.push(seq), onGap: () => {} });
    await subscribers(service, 1);

    await elsewhere.log.append([EVERYTHING]);
    await elsewhere.log.append([EVERYTHING]);
    await log.append([EVERYTHING]);

    await until(async () => heard.length > 0);
    expect(heard).toEqual([1]);
  });
});

it('a client of the application stays open, and keeps no listener of the log', async () => {
  const service = await start();
  const client = new Redis(service.url);
  undo.push(() => client.disconnect());
  await client.ping();
  const listeners = client.eventNames().map((name) => [name, client.listenerCount(name)]);
  const { log } = openLogOf(sourceOfClient(client), uniqueNamespace());
  log.subscribe({ onRecord: () => {}, onGap: () => {} });
  await subscribers(service, 1);

  await log.close();

  expect(await client.ping()).toBe('PONG');
  expect(client.eventNames().map((name) => [name, client.listenerCount(name)])).toEqual(listeners);
  await subscribers(service, 0);
});

/** Waits until Redis has answered for the first time, which may take longer than a deadline. */
async function reached(log: OpenedLog['log']): Promise<void> {
  await until(async () => (await rejection(log.sync(undefined))).error === undefined);
}

/** Waits until `count` connections are subscribed to something. */
async function subscribers(service: Service, count: number): Promise<void> {
  const client = new Redis(service.url);
  try {
    await until(async () => {
      const channels = (await client.pubsub('CHANNELS')) as string[];
      return channels.length === count;
    });
  } finally {
    client.disconnect();
  }
}
