import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import { emptyTier, setup } from '../../support/core-setup.js';
import { held, settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

describe('a hit', () => {
  it('is answered synchronously, with one load for both reads', async () => {
    const { cache, load, query, read, decisions } = await setup();
    await read();

    const hit = cache.read(query, load.load);

    expect(hit).toMatchObject({ id: 1, version: 0 });
    expect(hit).not.toBeInstanceOf(Promise);
    expect(load.calls).toBe(1);
    expect(decisions()).toEqual(['miss', 'load', 'fill', 'hit']);
  });

  it('is served until the ttl has passed', async () => {
    const { clock, load, read } = await setup();
    await read();
    clock.advance('59s');
    await read();
    expect(load.calls).toBe(1);

    clock.advance('1s');
    await read();
    expect(load.calls).toBe(2);
  });

  it('is never older than the ttl of its reader, even if the reader that filled it allowed more', async () => {
    const { clock, load, query, read } = await setup();
    await read();
    clock.advance('10s');
    const impatient = { ...query, lifetime: { ttl: 5_000, swr: 0, grace: 0 } };

    await read(impatient);
    expect(load.calls).toBe(2);
    clock.advance('6s');
    await read();
    expect(load.calls).toBe(3);
  });

  it('is never older than the ttl of a reader that joined the look-up of a more patient reader', async () => {
    const shared = new Map<string, Entry>();
    const asked = held<void>();
    const tier = {
      ...emptyTier,
      get: async (key: string) => {
        await asked.promise;
        return shared.get(key);
      },
      set: async (key: string, entry: Entry) => void shared.set(key, entry),
    };
    const log = new ScriptedLog();
    const { cache, clock, load, query, read } = await setup({ log, tier, options: { memory: false } });
    const filling = read();
    await settle();
    asked.release();
    await filling;
    await cache.idle();
    for (let i = 0; i < 90; i++) {
      clock.advance(333);
      await settle();
    }

    const patient = read();
    const choosy = read({ ...query, lifetime: { ttl: 5_000, swr: 0, grace: 0 } });
    await Promise.all([patient, choosy]);

    expect(load.calls).toBe(2);
  });

  it('is counted for a result that is null', async () => {
    const { load, read } = await setup({ answer: () => null });

    expect([await read(), await read()]).toEqual([null, null]);
    expect(load.calls).toBe(1);
  });
});

describe('every caller owns its value', () => {
  it('the first caller, the callers that joined its load, and every hit get separate values', async () => {
    const { load, read } = await setup();
    load.hold();
    const reading = [read(), read(), read()];
    await settle();
    load.release();
    const answers = [...(await Promise.all(reading)), await read()] as { name: string; born: Date }[];

    for (const answer of answers) {
      answer.name = 'mutated';
      answer.born.setFullYear(1800);
    }

    expect(await read()).toEqual({ id: 1, name: 'Ada', born: new Date(0), version: 0 });
    expect(load.calls).toBe(1);
    expect(new Set(answers).size).toBe(4);
  });
});

describe('a stampede', () => {
  it('loads once for a hundred identical misses', async () => {
    const { load, read, cache } = await setup();

    await Promise.all(Array.from({ length: 100 }, () => read()));

    expect(load.calls).toBe(1);
    expect(cache.stats()).toMatchObject({ misses: 1, coalesced: 99 });
  });

  it('loads once for a hundred callers if the load fails, rejects all with its error, and loads again afterwards', async () => {
    const failure = new Error('the database is on fire');
    let fails = true;
    const { load, read } = await setup({
      answer: () => {
        if (fails) throw failure;
        return 'fine';
      },
    });

    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => read()));
    expect(load.calls).toBe(1);
    expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === failure)).toBe(true);

    fails = false;
    expect(await read()).toBe('fine');
  });
});

describe('a load that overlapped a change', () => {
  it('is returned to the callers from before the change, and never served afterwards', async () => {
    const { load, read, write, decisions } = await setup();
    load.hold();
    const before = read();
    await settle();
    await write();
    load.release();

    expect(await before).toMatchObject({ version: 0 });
    expect(decisions()).toContain('not-filled');
    expect(await read()).toMatchObject({ version: 1 });
  });

  it('is not joined by a caller after the change', async () => {
    const { load, read, write } = await setup();
    load.hold();
    const before = read();
    await settle();
    await write();
    const after = read();
    await settle();
    load.release();

    expect([await before, await after]).toMatchObject([{ version: 0 }, { version: 1 }]);
    expect(load.calls).toBe(2);
  });

  it('does not replace the result of a newer load that ended first', async () => {
    const { cache, load, read, write, query } = await setup();
    load.hold();
    const slow = read();
    await settle();
    await write();
    expect(await cache.read(query, async () => ({ version: 'new' }))).toMatchObject({ version: 'new' });
    load.release();
    await slow;

    expect(await read()).toMatchObject({ version: 'new' });
  });
});

describe('a result that must not be shared', () => {
  it('reaches neither the callers that joined its load nor the cache', async () => {
    const { cache, query } = await setup();
    let calls = 0;
    const load = async ({ keepPrivate }: { keepPrivate: (reason: string) => void }): Promise<number> => {
      const mine = ++calls;
      await settle();
      keepPrivate('session-dependent');
      return mine;
    };

    const answers = await Promise.all([cache.read(query, load), cache.read(query, load), cache.read(query, load)]);

    expect(new Set(answers)).toEqual(new Set([1, 2, 3]));
    expect(await cache.read(query, load)).toBe(4);
  });

  it('reaches its caller as it is if it cannot be copied', async () => {
    class Odd {}
    const odd = new Odd();
    const { cache, query, decisions } = await setup();

    expect(await cache.read(query, async () => odd)).toBe(odd);
    expect(decisions()).toEqual(['miss', 'load', 'not-filled']);
  });

  it('reaches its caller as it is if reading its properties throws', async () => {
    const row = {
      get total(): number {
        throw new TypeError('not selected');
      },
    };
    const { cache, query, decisions } = await setup();

    expect(await cache.read(query, async () => row)).toBe(row);
    expect(decisions()).toEqual(['miss', 'load', 'not-filled']);
  });
});

it('a query without a canonical form goes to the database, and the reason is reported', async () => {
  const { cache, query, load } = await setup();
  const infos: unknown[] = [];
  const odd = { ...query, keyParts: { where: () => 1 } };

  await cache.read(odd, load.load, (info) => infos.push(info));

  expect(infos).toMatchObject([{ status: 'bypass', source: 'origin' }]);
  expect(String((infos[0] as { reason: string }).reason)).toMatch(/^unsupported-key/);
});

it('a query whose key cannot be computed goes to the database, whatever error was thrown', async () => {
  const toKey = () => {
    throw new TypeError('odd');
  };
  class Odd {}
  const { cache, query, load } = await setup({
    options: { keyTypes: [{ tag: 'odd', is: (value) => value instanceof Odd, toKey }] },
  });

  await cache.read({ ...query, keyParts: new Odd() }, load.load);

  expect(load.calls).toBe(1);
  expect(cache.stats().bypasses).toBe(1);
});

it('a read observer receives the source of each read, and the reason', async () => {
  const { cache, query, load, write, clock } = await setup();
  const infos: { status: string; source: string; reason?: unknown; age?: unknown }[] = [];
  const ask = async () => cache.read(query, load.load, (info) => infos.push(info));
  await ask();
  clock.advance('2s');
  await ask();
  await write();
  await ask();
  clock.advance('60s');
  await ask();

  expect(infos.map(({ status, source, reason, age }) => [status, source, reason, age])).toEqual([
    ['miss', 'origin', 'absent', undefined],
    ['hit', 'memory', undefined, 2],
    ['miss', 'origin', 'invalidated', undefined],
    ['miss', 'origin', 'expired', undefined],
  ]);
});
