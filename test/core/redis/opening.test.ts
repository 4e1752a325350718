import { CacheEvents } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { afterEach, expect, it } from 'vitest';
import { TierOpeningError, TierUnavailableError } from '../../../packages/core/src/errors.js';
import { RedisConnection } from '../../../packages/core/src/redis/redis-connection.js';
import { sourceOfClient } from '../../../packages/core/src/redis/redis-source.js';
import { held, settle } from '../../support/held.js';
import { sharedRedis } from '../../support/services/index.js';
import { connect, until } from './open-redis.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A connection whose time stands still until the test moves it. */
async function open(openingDeadline = 1_000) {
  const client = connect(await sharedRedis());
  const clock = new ManualClock();
  const connection = new RedisConnection({
    ...{ source: sourceOfClient(client), deadline: 50, openingDeadline, clock, events: new CacheEvents() },
  });
  connection.retain();
  undo.push(() => {
    connection.release();
    client.disconnect();
  });
  await until(() => connection.ready);
  /** A command whose answer the test gives. */
  const send = () => {
    const answer = held<string>();
    const outcome = connection.run({ operation: 'sync' }, () => answer.promise).catch((error: unknown) => error);
    return { answer, outcome };
  };
  return { clock, send };
}

it('the first response may take longer than the deadline, later ones may not', async () => {
  const { clock, send } = await open();
  const first = send();
  await settle();
  clock.advance(200);
  first.answer.release('here');
  expect(await first.outcome).toBe('here');

  const next = send();
  await settle();
  clock.advance(60);
  next.answer.release('late');
  expect(await next.outcome).toBeInstanceOf(TierUnavailableError);
});

it.each([
  ['a quarter of a second', 1_000, 250],
  ['the opening deadline, if that is shorter', 100, 100],
])('the first response is awaited for at most %s', async (_, openingDeadline, patience) => {
  const { clock, send } = await open(openingDeadline);
  const first = send();
  await settle();

  clock.advance(patience + 1);

  expect(await first.outcome).toBeInstanceOf(openingDeadline > patience ? TierOpeningError : TierUnavailableError);
});
