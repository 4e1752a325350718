import {
  type CacheEvent,
  CacheEvents,
  createQueryCache,
  EVERYTHING,
  InvalidationLostError,
  InvalidOptionError,
} from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import type { Tier } from '../../../packages/core/src/tier/tier.js';
import { emptyTier, setup } from '../../support/core-setup.js';
import { held, settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

describe('a write', () => {
  it('resolves with what it returned, after what it touched is fresh again', async () => {
    const { cache, read } = await setup();
    await read();

    const result = await cache.write(
      async () => 'written',
      ({ ok }) => (ok ? [{ kind: 'model', model: 'User', op: 'create' }] : []),
    );

    expect(result).toBe('written');
    expect(cache.stats().invalidations).toBe(1);
  });

  it('that certainly failed invalidates nothing', async () => {
    const { cache, read, load } = await setup();
    await read();
    const failure = new Error('unique constraint');

    const writing = cache.write(
      () => Promise.reject(failure),
      ({ ok }) => (ok ? [EVERYTHING] : []),
    );

    await expect(writing).rejects.toBe(failure);
    await read();
    expect(load.calls).toBe(1);
  });

  it('of which nobody knows whether it happened invalidates, and rejects with its own error', async () => {
    const { cache, read, load } = await setup();
    await read();
    const failure = new Error('connection lost');

    await expect(
      cache.write(
        () => Promise.reject(failure),
        () => [EVERYTHING],
      ),
    ).rejects.toBe(failure);

    await read();
    expect(load.calls).toBe(2);
  });

  it('that cannot be described settles as it did, and invalidates everything', async () => {
    const { cache, read, load, query } = await setup();
    const events: CacheEvent[] = [];
    cache.on((event) => events.push(event));
    const fail = () => {
      throw new Error('unforeseen');
    };
    await read();

    await expect(cache.write(async () => 'written', fail)).resolves.toBe('written');
    await read(query);
    expect(load.calls).toBe(2);
    await expect(cache.write(() => Promise.reject(new Error('refused')), fail)).rejects.toThrow('refused');
    await read(query);
    expect(load.calls).toBe(3);
    expect(events).toContainEqual({ type: 'widened', query: 'write', reason: 'not-described: unforeseen' });
  });

  it('that committed resolves although the log is away, and this process reads it', async () => {
    const log = new ScriptedLog();
    const { read, write, cache } = await setup({ log });
    await read();
    log.down = new Error('gone');

    await write();

    expect(await read()).toMatchObject({ version: 1 });
    expect(cache.stats().queued).toBe(1);
  });

  it('on another node is seen here when its record arrives, or at the latest when the bound has passed', async () => {
    const log = new ScriptedLog();
    const { read, changeSilently, clock } = await setup({ log });
    await read();
    changeSilently();
    log.appendElsewhere([{ kind: 'model', model: 'User', op: 'update' }]);
    expect(await read()).toMatchObject({ version: 1 });

    log.pushes = false;
    changeSilently();
    log.appendElsewhere([{ kind: 'model', model: 'User', op: 'update' }]);
    clock.advance('1s');
    await settle();
    expect(await read()).toMatchObject({ version: 2 });
  });
});

describe('a transaction', () => {
  it('invalidates nothing before it commits, and once after', async () => {
    const { cache, read, load } = await setup();
    await read();
    const transaction = cache.transaction();
    transaction.add([{ kind: 'model', model: 'User', op: 'update' }]);
    transaction.add([{ kind: 'model', model: 'Post', op: 'update' }]);
    await read();
    expect(load.calls).toBe(1);

    await transaction.commit();

    await read();
    expect(load.calls).toBe(2);
    expect(cache.stats().invalidations).toBe(1);
  });

  it('invalidates nothing when it rolled back', async () => {
    const { cache, read, load } = await setup();
    await read();
    const transaction = cache.transaction();
    transaction.add([EVERYTHING]);
    transaction.rollback();
    await transaction.commit();

    await read();
    expect(load.calls).toBe(1);
  });
});

describe('while the log cannot be confirmed', () => {
  it('the database answers every read, and nothing is kept', async () => {
    const log = new ScriptedLog();
    const { read, clock, load, cache } = await setup({ log });
    await read();
    log.down = new Error('gone');
    clock.advance('2s');

    await read();
    await read();

    expect(load.calls).toBe(3);
    expect(cache.stats().log.confirmed).toBe(false);
  });

  it('an answer of the shared tier that comes too late to be judged is not served', async () => {
    const log = new ScriptedLog();
    const entries = new Map<string, Entry>();
    const arriving = held<void>();
    const tier: Tier = {
      ...emptyTier,
      get: async (key) => {
        const entry = entries.get(key);
        if (entry !== undefined) await arriving.promise;
        return entry;
      },
      set: async (key, entry) => {
        entries.set(key, entry);
      },
    };
    const { read, clock, load } = await setup({ log, tier, options: { memory: false } });
    await read();

    const reading = read();
    await settle();
    log.down = new Error('gone');
    clock.advance('2s');
    arriving.release();
    await reading;

    expect(load.calls).toBe(2);
  });

  it('a stampede still costs one load', async () => {
    const log = new ScriptedLog();
    const { read, clock, load } = await setup({ log });
    log.down = new Error('gone');
    clock.advance('2s');
    await settle();

    await Promise.all(Array.from({ length: 100 }, () => read()));

    expect(load.calls).toBe(1);
  });

  it('nobody joins a load that is older than the bound, or older than a write of this process', async () => {
    const log = new ScriptedLog();
    const { read, write, clock, load } = await setup({ log });
    log.down = new Error('gone');
    clock.advance('2s');
    await settle();
    load.hold();
    const first = read();
    await settle();
    await write();
    const second = read();
    await settle();
    clock.advance('2s');
    const third = read();
    await settle();
    load.release();
    await Promise.all([first, second, third]);

    expect(load.calls).toBe(3);
    expect(await second).toMatchObject({ version: 1 });
  });

  it('an entry from before is not used again afterwards: others may still have to tell what they changed', async () => {
    const log = new ScriptedLog();
    const { read, clock, load } = await setup({ log });
    await read();
    log.down = new Error('gone');
    clock.advance('2s');
    await settle();
    log.down = undefined;

    await read();

    expect(load.calls).toBe(2);
  });
});

describe('invalidating by hand', () => {
  it('reaches what carries the tag', async () => {
    const { cache, query, load, read } = await setup();
    const tagged = { ...query, footprint: { dependencies: [], tags: ['team'] } };
    await read(tagged);
    await cache.invalidate([{ kind: 'tag', tag: 'team' }]);
    await read(tagged);

    expect(load.calls).toBe(2);
  });

  it('rejects when the log did not take it, which is still delivered later', async () => {
    const log = new ScriptedLog();
    const { cache, clock } = await setup({ log });
    log.down = new Error('gone');

    await expect(cache.clear()).rejects.toThrow(InvalidationLostError);

    log.down = undefined;
    clock.advance('1s');
    await settle();
    expect(log.records).toEqual([{ seq: 1, changes: [EVERYTHING] }]);
  });
});

describe('a closed cache', () => {
  it('passes every read to the database', async () => {
    const { cache, read, load } = await setup();
    await read();
    await cache.close();
    await cache.close();

    await read();

    expect(load.calls).toBe(2);
    expect(cache.stats().bypasses).toBe(1);
  });

  it('has waited for invalidations that were on their way', async () => {
    const log = new ScriptedLog();
    const { cache, write } = await setup({ log });
    const answer = log.hold('append');
    const writing = write();
    await settle();
    let idle = false;
    let closed = false;
    void cache.idle().then(() => {
      idle = true;
    });
    void cache.close().then(() => {
      closed = true;
    });
    await settle();
    expect({ idle, closed, released: log.closed }).toEqual({ idle: false, closed: false, released: false });

    answer();
    await writing;
    await settle();
    expect({ idle, closed, released: log.closed }).toEqual({ idle: true, closed: true, released: true });
  });

  it('has waited for writes that were under way, and told the log', async () => {
    const log = new ScriptedLog();
    const { cache } = await setup({ log });
    const lost: unknown[] = [];
    cache.on((event) => {
      if (event.type === 'invalidation-lost') lost.push(event);
    });
    const [one, other] = [held<string>(), held<string>()];
    const writes = [
      cache.write(
        () => one.promise,
        () => [EVERYTHING],
      ),
      cache.write(
        () => other.promise,
        () => [EVERYTHING],
      ),
    ];
    const closing = cache.close();
    await settle();
    expect(log.closed).toBe(false);

    one.release('written');
    other.fail(new Error('connection lost'));

    await Promise.all([
      expect(writes[0]).resolves.toBe('written'),
      expect(writes[1]).rejects.toThrow('connection lost'),
    ]);
    await closing;
    expect({ released: log.closed, lost }).toEqual({ released: true, lost: [] });
  });

  it('says that the invalidation of a write which begins later is lost', async () => {
    const log = new ScriptedLog();
    const { cache, write } = await setup({ log });
    const lost: unknown[] = [];
    cache.on((event) => {
      if (event.type === 'invalidation-lost') lost.push(event);
    });
    await cache.close();
    await write();

    expect(lost).toEqual([{ type: 'invalidation-lost', changes: 1 }]);
  });
});

describe('options', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ database: 'd', maxStaleness: 0 }, 'maxStaleness'],
    [{ database: 'd', maxStaleness: 'soon' }, 'maxStaleness'],
    [{ database: 'd', namespace: 'a b' }, 'namespace'],
    [{ database: '' }, 'database'],
    [{ database: 'd', memory: { maxEntries: -1 } }, 'memory.maxEntries'],
    [{ database: 'd', memory: { maxBytes: 'lots' } }, 'memory.maxBytes'],
    [{ database: 'd', ttl: 5 }, 'ttl'],
  ])('%j is refused, naming %s', (options, option) => {
    expect(() => createQueryCache(options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        option,
        message: expect.stringContaining(`\`${option}\``),
      }),
    );
    expect(InvalidOptionError.name).toBe('InvalidOptionError');
  });
});

it('survives a listener that throws, and says so in a process warning', async () => {
  const events = new CacheEvents();
  events.on(() => {
    throw new Error('listener bug');
  });
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const { read } = await setup({ options: { events }, tier: emptyTier });

  expect(await read()).toMatchObject({ id: 1 });
  expect((await warned).message).toBe('listener bug');
});
