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
  it('resolves with its result after the entries that it affected are invalidated', async () => {
    const { cache, read } = await setup();
    await read();

    const result = await cache.write(
      async () => 'written',
      ({ ok }) => (ok ? [{ kind: 'model', model: 'User', op: 'create' }] : []),
    );

    expect(result).toBe('written');
    expect(cache.stats().invalidations).toBe(1);
  });

  it('invalidates nothing if it certainly failed', async () => {
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

  it('invalidates if its outcome is unknown, and rejects with its own error', async () => {
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

  it('settles unchanged if it cannot be described, and invalidates everything', async () => {
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

  it('resolves after its commit although the log is down, and invalidates in this process', async () => {
    const log = new ScriptedLog();
    const { read, write, cache } = await setup({ log });
    await read();
    log.down = new Error('gone');

    await write();

    expect(await read()).toMatchObject({ version: 1 });
    expect(cache.stats().queued).toBe(1);
  });

  it('invalidates here when its record arrives from another node, or at the latest after maxStaleness', async () => {
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
  it('invalidates nothing before it commits, and once afterwards', async () => {
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
  it('every read goes to the database, and no result is cached', async () => {
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

  it('an entry of the shared tier that arrives too late to be judged is not served', async () => {
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

  it('no read joins a load that is older than maxStaleness, or older than a write of this process', async () => {
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

  it('an entry from before is not served afterwards, because other processes may have changes to deliver', async () => {
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

describe('invalidating explicitly', () => {
  it('removes the entries that carry the tag', async () => {
    const { cache, query, load, read } = await setup();
    const tagged = { ...query, footprint: { dependencies: [], tags: ['team'] } };
    await read(tagged);
    await cache.invalidate([{ kind: 'tag', tag: 'team' }]);
    await read(tagged);

    expect(load.calls).toBe(2);
  });

  it('rejects if the log did not accept the change, which is delivered later', async () => {
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

  it('has waited for invalidations that had begun', async () => {
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

  it('has waited for writes that had begun, and appended their changes to the log', async () => {
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

  it('reports the invalidation of a write that begins later as lost', async () => {
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

describe('the options of a query cache', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ database: 'd', maxStaleness: 0 }, 'maxStaleness'],
    [{ database: 'd', maxStaleness: 'soon' }, 'maxStaleness'],
    [{ database: 'd', namespace: 'a b' }, 'namespace'],
    [{ database: '' }, 'database'],
    [{ database: 'd', memory: { maxEntries: -1 } }, 'memory.maxEntries'],
    [{ database: 'd', memory: { maxBytes: 'lots' } }, 'memory.maxBytes'],
    [{ database: 'd', ttl: 5 }, 'ttl'],
  ])('%j is refused, and the error names %s', (options, option) => {
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

it('a query cache survives a listener that throws, and emits a process warning', async () => {
  const events = new CacheEvents();
  events.on(() => {
    throw new Error('listener bug');
  });
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const { read } = await setup({ options: { events }, tier: emptyTier });

  expect(await read()).toMatchObject({ id: 1 });
  expect((await warned).message).toBe('listener bug');
});
