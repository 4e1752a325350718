import { CacheEvents, systemClock } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { afterEach, expect, it } from 'vitest';
import { RedisConnection } from '../../../packages/core/src/redis/redis-connection.js';
import { sourceOfClient } from '../../../packages/core/src/redis/redis-source.js';
import { RedisSubscription } from '../../../packages/core/src/redis/redis-subscription.js';
import { sharedRedis, startProxy, uniqueNamespace } from '../../support/services/index.js';
import { connect, until } from './open-redis.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A subscription through a proxy, whose pings come when the test advances the clock. */
async function subscribe() {
  const url = await sharedRedis();
  const { hostname, port } = new URL(url);
  const proxy = await startProxy({ host: hostname, port: Number(port) });
  const publisher = connect(url);
  const clock = new ManualClock();
  const client = connect(proxy.url(url));
  const connection = new RedisConnection({
    ...{ source: sourceOfClient(client), deadline: 1_000, openingDeadline: 5_000, clock: systemClock },
    events: new CacheEvents(),
  });
  connection.retain();
  const name = uniqueNamespace();
  const channel = `${name}:0`;
  const heard: string[] = [];
  let subscribed = 0;
  const subscription = new RedisSubscription(connection, name, clock, {
    onMessage: (message) => heard.push(message),
    onSubscribed: () => subscribed++,
  });
  undo.push(() => {
    subscription.close();
    connection.release();
    publisher.disconnect();
    return proxy.close();
  });
  await until(() => subscribed === 1);
  return { proxy, publisher, clock, channel, heard, subscribed: () => subscribed };
}

it('messages arrive again from a server that a firewall had silenced', async () => {
  const { proxy, publisher, clock, channel, heard, subscribed } = await subscribe();
  proxy.swallow(/subscribe/i);
  await publisher.publish(channel, 'lost');
  await until(() => proxy.swallowed > 0);
  const before = proxy.swallowed;

  clock.advance('10s');
  await until(() => proxy.swallowed > before);
  proxy.restore();
  clock.advance('10s');
  await until(() => {
    clock.advance('500ms');
    return subscribed() === 2;
  });

  await publisher.publish(channel, 'heard');
  await until(() => heard.length > 0);
  expect(heard).toEqual(['heard']);
});

it('a subscription stays on its connection as long as the server replies', async () => {
  const { proxy, publisher, clock, channel, heard, subscribed } = await subscribe();
  const { accepted } = proxy;

  for (let count = 0; count < 5; count++) {
    clock.advance('10s');
    // In order: the answer to the ping has come before the message does.
    await publisher.publish(channel, String(count));
    await until(() => heard.length === count + 1);
  }

  expect(subscribed()).toBe(1);
  expect(proxy.accepted).toBe(accepted);
});
