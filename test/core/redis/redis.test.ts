import { CacheEvents, EVERYTHING, InvalidOptionError, systemClock } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { sharedRedis, uniqueNamespace } from '../../support/services/index.js';

// What a program without types may pass.
const untyped = redis as (options: unknown) => ReturnType<typeof redis>;

describe('the options of redis()', () => {
  it.each([
    ['redis', undefined],
    ['redis', {}],
    ['redis', { url: 'redis://localhost', client: new Redis({ lazyConnect: true }) }],
    ['redis.url', { url: 'localhost:6379' }],
    ['redis.url', { url: 'http://localhost' }],
    ['redis.url', { url: 'redis://:se cret@[' }],
    ['redis.url', { url: 6379 }],
    ['redis.client', { client: {} }],
    ['redis.client', { client: null }],
    ['redis.deadline', { url: 'redis://localhost', deadline: 0 }],
    ['redis.deadline', { url: 'redis://localhost', deadline: 'soon' }],
    ['redis.logLength', { url: 'redis://localhost', logLength: 99 }],
    ['redis.logLength', { url: 'redis://localhost', logLength: 1e9 }],
    ['redis.maxEntryBytes', { url: 'redis://localhost', maxEntryBytes: 1.5 }],
    ['redis.timeout', { url: 'redis://localhost', timeout: 5 }],
  ])('are refused, and the error names %s: %j', (option, options) => {
    const error = thrown(() => untyped(options));

    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option });
  });

  it('are refused without the password in the error', () => {
    const error = thrown(() => redis({ url: 'http://user:secret@localhost' }));

    expect(String(error)).not.toContain('secret');
  });
});

describe('redis()', () => {
  it('opens an entry tier and a log that other processes share, from a URL', async () => {
    const context = {
      ...{ namespace: uniqueNamespace(), valueTypes: [], events: new CacheEvents(), clock: systemClock },
    };
    const shared = redis({ url: await sharedRedis(), deadline: '2s' });
    const [one, other] = [shared.open(context), shared.open(context)];

    // The first commands wait for the connection, within the deadline.
    const position = await one.log.append([EVERYTHING]);
    const reply = await other.log.sync({ epoch: position.epoch, seq: 0 });

    expect(reply.records).toEqual([{ seq: 1, changes: [EVERYTHING] }]);
    expect(await one.tier.get('absent')).toBeUndefined();
    expect(one.log).toMatchObject({ shared: true, name: 'redis' });
    for (const opened of [one, other]) await Promise.all([opened.tier.close(), opened.log.close()]);
  });
});

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
