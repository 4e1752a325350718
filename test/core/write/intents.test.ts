import { type Change, createQueryCache, InvalidOptionError, WriteNotAnnouncedError } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import { IntentBook } from '../../../packages/core/src/log/intent-book.js';
import { MemoryLog } from '../../../packages/core/src/log/memory-log.js';
import { setup } from '../../support/core-setup.js';
import { held, settle } from '../../support/held.js';

const user: Change = { kind: 'model', model: 'User', op: 'any' };
const post: Change = { kind: 'model', model: 'Post', op: 'any' };
const describeUser = (): readonly Change[] => [user];

/** A cache whose writes are announced, and a strong read beside the usual one. */
async function announcing(lifetime = {}) {
  const made = await setup({ options: { intents: { lease: 5, fence: 15 } }, lifetime });
  const { cache, query, load } = made;
  const strong = () => cache.read({ ...query, consistency: 'strong' }, load.load);
  return { ...made, strong };
}

describe('a strong read', () => {
  it('is answered by the cache while no write is announced', async () => {
    const { read, strong, load, cache } = await announcing();
    await read();

    await strong();

    expect(load.calls).toBe(1);
    expect(cache.stats().hits.memory).toBe(1);
  });

  it('goes to the database while a write that may affect it is under way, unlike a bounded read', async () => {
    const { cache, read, strong, load } = await announcing();
    await read();
    const statement = held<void>();
    const writing = cache.write(() => statement.promise, describeUser, describeUser);
    await settle();

    await read();
    expect(load.calls).toBe(1);
    await strong();
    expect(load.calls).toBe(2);

    statement.release(undefined);
    await writing;
  });

  it('is answered by the cache while only other rows are written', async () => {
    const { cache, read, strong, load } = await announcing();
    await read();
    const statement = held<void>();
    const writing = cache.write(
      () => statement.promise,
      () => [post],
      () => [post],
    );
    await settle();

    await strong();

    expect(load.calls).toBe(1);
    statement.release(undefined);
    await writing;
  });

  it('is a hit again after a write that certainly did not happen', async () => {
    const { cache, read, strong, load } = await announcing();
    await read();

    await expect(
      cache.write(
        () => Promise.reject(new Error('unique constraint')),
        () => [],
        describeUser,
      ),
    ).rejects.toThrow('unique constraint');
    await strong();

    expect(load.calls).toBe(1);
  });

  it('is one load for a hundred concurrent callers', async () => {
    const { strong, load } = await announcing();

    await Promise.all(Array.from({ length: 100 }, strong));

    expect(load.calls).toBe(1);
  });

  it('never joins a load that began before it', async () => {
    const { cache, query, clock } = await announcing();
    const first = held<string>();
    let loads = 0;
    const load = (): Promise<string> => (++loads === 1 ? first.promise : Promise.resolve('new'));
    const strong = () => cache.read({ ...query, consistency: 'strong' } as typeof query, load);
    const early = strong();
    await settle();

    expect(await strong()).toBe('new');

    first.release('old');
    expect(await early).toBe('old');
    expect(clock.now()).toBeGreaterThan(0);
  });

  it('is never served stale', async () => {
    const { read, strong, load, clock } = await announcing({ ttl: 1_000, swr: 60_000, grace: 60_000 });
    await read();
    clock.advance('2s');

    await strong();

    expect(load.calls).toBe(2);
  });
});

describe('a write whose outcome is unknown', () => {
  it('counts as done when its lease ends, and keeps entries it may affect out of the cache until the fence', async () => {
    const { cache, read, load, clock } = await announcing();
    await read();
    const lost = held<void>();
    const writing = cache.write(() => lost.promise, describeUser, describeUser).catch(() => 'lost');
    await settle();

    clock.advance('5s');
    // Any sync notices; in a cache of one process, strong reads ask.
    await cache.read({ name: 'x', keyParts: 'x', footprint: empty, lifetime, consistency: 'strong' }, async () => 1);
    await read();
    await read();
    expect(load.calls).toBe(3);

    clock.advance('10s');
    await cache.read({ name: 'x', keyParts: 'x', footprint: empty, lifetime, consistency: 'strong' }, async () => 1);
    await read();
    await read();
    expect(load.calls).toBe(4);

    lost.fail(new Error('connection lost'));
    await writing;
  });

  it('invalidates at once if it failed, and keeps entries it may affect out of the cache', async () => {
    const { cache, read, strong, load } = await announcing();
    await read();

    await expect(
      cache.write(() => Promise.reject(new Error('connection lost')), describeUser, describeUser),
    ).rejects.toThrow('connection lost');

    await strong();
    await strong();
    expect(load.calls).toBe(3);
  });
});

describe('a transaction', () => {
  it('is announced before its commit, and its announcement ends with it', async () => {
    const { cache, read, strong, load } = await announcing();
    await read();
    const transaction = cache.transaction();
    transaction.add([user]);
    await strong();
    expect(load.calls).toBe(1);

    await transaction.announce();
    await strong();
    expect(load.calls).toBe(2);

    await transaction.commit();
    await strong();
    await strong();
    expect(load.calls).toBe(3);
  });

  it('leaves the old entries valid if it is rolled back', async () => {
    const { cache, read, strong, load } = await announcing();
    await read();
    const transaction = cache.transaction();
    transaction.add([user]);
    await transaction.announce();

    await transaction.rollback();
    await strong();

    expect(load.calls).toBe(1);
  });

  it('keeps entries it may affect out of the cache if its outcome is unknown', async () => {
    const { cache, read, strong, load } = await announcing();
    await read();
    const transaction = cache.transaction();
    transaction.add([user]);
    await transaction.announce();

    await transaction.uncertain();
    await strong();
    await strong();

    expect(load.calls).toBe(3);
  });

  it('keeps a closing cache open until it ends', async () => {
    const { cache } = await announcing();
    const transaction = cache.transaction();
    transaction.add([user]);
    let closed = false;
    const closing = cache.close().then(() => {
      closed = true;
    });
    await settle();
    expect(closed).toBe(false);

    await transaction.commit();
    await closing;
    expect(cache.stats().invalidations).toBe(1);
  });
});

describe('a log that accepts no announcement', () => {
  const deaf = () => {
    const log = new MemoryLog({ clock: { now: () => 0, schedule: () => () => {} } });
    return Object.assign(log, { announce: () => Promise.reject(new Error('away')) });
  };

  it('prevents writes from being sent', async () => {
    const { cache } = await setup({ log: deaf(), options: { intents: true } });
    let ran = false;

    const writing = cache.write(async () => {
      ran = true;
    }, describeUser);

    await expect(writing).rejects.toThrow(WriteNotAnnouncedError);
    expect(ran).toBe(false);
  });

  it("does not prevent writes with onUnavailable: 'proceed'", async () => {
    const { cache } = await setup({ log: deaf(), options: { intents: { onUnavailable: 'proceed' } } });

    expect(await cache.write(async () => 'written', describeUser)).toBe('written');
  });
});

describe('the option intents', () => {
  it.each([
    [{ lease: 0 }, '`intents.lease`'],
    [{ lease: 20 }, '`intents.fence`: expected a duration longer than `intents.lease`'],
    [{ onUnavailable: 'retry' }, "`intents.onUnavailable`: expected 'fail' or 'proceed'"],
    [{ leese: 5 }, '`intents.leese`. Known are lease, fence, onUnavailable'],
    ['yes', '`intents`'],
  ])('%j is refused', (intents, message) => {
    const make = () => createQueryCache({ database: 'test', intents: intents as never });
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(message);
  });
});

it('an intent that has been closed does not expire later', () => {
  const book = new IntentBook();
  book.announce(7, [user], { lease: 5, fence: 15 }, 0);
  book.close(7);

  expect(book.expire(100)).toEqual([]);
  expect(book.list()).toEqual([]);
});

const empty = { dependencies: [], tags: [] };
const lifetime = { ttl: 1_000, swr: 0, grace: 0 };
