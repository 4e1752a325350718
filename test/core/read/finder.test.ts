import type { Change, Finding, Found, Lifetime, Missing, ReadInfo } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import { type CoreSetup, emptyTier, setup } from '../../support/core-setup.js';
import { settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

const CHANGED: Change = { kind: 'model', model: 'User', op: 'update' };
const ROW = { id: 1, born: new Date(0), bytes: Buffer.from('a'), big: 10n ** 20n };

describe('a result that its caller loaded and passed to fill', () => {
  it('is found by later callers, each with its own copy', async () => {
    const { find, decisions } = await finding();
    const given = structuredClone(ROW);
    given.bytes = Buffer.from('a');
    (await missing(find())).fill(given);
    given.born.setTime(1);

    const first = (await found(find())).value as typeof ROW;
    first.born.setTime(2);
    first.bytes.fill(0);

    expect((await found(find())).value).toEqual(ROW);
    expect(decisions()).toEqual(['miss', 'fill', 'hit', 'hit']);
  });

  it('is never found if a change happened after the look-up that missed', async () => {
    const { cache, find, decisions } = await finding();
    const slow = await missing(find());
    await cache.invalidate([CHANGED]);
    const fast = await missing(find());
    fast.fill('new');

    slow.fill('old');

    expect((await found(find())).value).toBe('new');
    expect(decisions()).toEqual(['miss', 'invalidate', 'miss', 'fill', 'not-filled', 'hit']);
  });

  it('is no longer found once a change of another process arrives that was made before fill', async () => {
    const log = new ScriptedLog();
    const { find } = await finding({ log });
    const slow = await missing(find());
    log.pushes = false;
    log.appendElsewhere([CHANGED]);
    slow.fill('old');
    expect((await found(find())).value).toBe('old');

    log.deliver(log.records[0] as never);

    await missing(find());
  });

  it('is kept for the lifetime passed to fill, counted from before the load', async () => {
    const { clock, find } = await finding();
    const miss = await missing(find({ ttl: Number.POSITIVE_INFINITY }));
    clock.advance('4s');
    miss.fill(1, { ttl: 10_000, swr: 60_000, grace: 60_000 });

    clock.advance('5s');
    await found(find({ ttl: Number.POSITIVE_INFINITY }));
    await missing(find({ ttl: 9_000 }));
    clock.advance('1s');
    await missing(find({ ttl: Number.POSITIVE_INFINITY }));
  });

  it('is kept once: only the first call of fill or keepPrivate counts', async () => {
    const { find, decisions } = await finding();
    const miss = await missing(find());
    miss.fill('first');
    miss.fill('second');
    miss.keepPrivate('too late');

    expect((await found(find())).value).toBe('first');
    const { keepPrivate, fill } = await missing(find({}, ['other']));
    keepPrivate('his');
    fill('his');
    await missing(find({}, ['other']));
    expect(decisions()).toEqual(['miss', 'fill', 'hit', 'miss', 'not-filled', 'miss']);
  });

  it('is not kept if it cannot be copied, and fill does not throw', async () => {
    const { find } = await finding();

    (await missing(find())).fill({ act() {} });

    await missing(find());
  });

  it('is found in other processes through the shared tier, until a change invalidates it', async () => {
    const shared = new Map<string, Entry>();
    const tier = {
      ...emptyTier,
      get: async (key: string) => shared.get(key),
      set: async (key: string, entry: Entry) => void shared.set(key, entry),
    };
    const log = new ScriptedLog();
    const here = await finding({ log, tier });
    (await missing(here.find())).fill('there');
    await here.cache.idle();

    const elsewhere = await finding({ log, tier, options: { memory: false } });
    expect((await found(elsewhere.find())).value).toBe('there');
    await log.append([CHANGED]);
    await missing(elsewhere.find());
  });
});

describe('nothing is found and nothing is kept', () => {
  it('while the log cannot be confirmed, unless onUnconfirmed is serve', async () => {
    const log = new ScriptedLog();
    const { clock, find, decisions } = await finding({ log });
    const served = await finding({ log, options: { onUnconfirmed: 'serve', maxStale: '20s' } });
    for (const each of [find, served.find]) (await missing(each())).fill('before');
    log.down = new Error('away');
    clock.advance('2s');
    served.clock.advance('2s');
    await settle();

    (await missing(find())).fill('during');
    expect((await found(served.find())).value).toBe('before');
    served.clock.advance('20s');
    await missing(served.find());
    log.down = undefined;
    await missing(find());
    expect(decisions().filter((type) => !type.startsWith('tier-'))).toEqual([
      'miss',
      'fill',
      'fill',
      'miss',
      'not-filled',
      'miss',
    ]);
  });

  it('after the cache was closed', async () => {
    const { cache, find } = await finding();
    const open = await missing(find());
    await cache.close();

    open.fill('late');
    (await missing(find())).fill('later');

    expect(cache.stats().memory.entries).toBe(0);
  });

  it('for a query that has no key or must not be cached', async () => {
    const { cache, query } = await finding();
    const infos: ReadInfo[] = [];
    const ask = async (asked: object) => {
      const miss = await cache.find({ ...query, ...asked }, (info) => infos.push(info));
      (miss as Missing<unknown>).fill(1);
    };

    for (let twice = 0; twice < 2; twice++) {
      await ask({ keyParts: [() => 1] });
      await ask({ footprint: () => ({ refused: 'opaque' }) });
    }

    expect(infos.map(({ status }) => status)).toEqual(['bypass', 'bypass', 'bypass', 'bypass']);
    expect(infos[1]?.reason).toBe('opaque');
    expect(cache.stats()).toMatchObject({ bypasses: 4, fills: 0, misses: 0 });
  });

  it('for a strong look-up while an announced write may be changing the result', async () => {
    const log = new ScriptedLog();
    const { clock, find } = await finding({ log, options: { intents: true } });
    clock.advance('1m');
    await settle();
    (await missing(find())).fill('before');
    await log.announce([CHANGED]);

    expect((await found(find())).value).toBe('before');
    await missing(find({}, ['User'], 'strong'));
  });
});

it('a look-up is counted and reported in the same way as a read', async () => {
  const { cache, query, find } = await finding();
  const infos: ReadInfo[] = [];
  (await missing(cache.find(query, (info) => infos.push(info)))).fill(1);
  await found(cache.find(query, (info) => infos.push(info)));

  expect(infos).toMatchObject([
    { query: 'User.findUnique', status: 'miss', source: 'origin', reason: 'absent' },
    { status: 'hit', source: 'memory', age: 0, footprint: query.footprint },
  ]);
  await missing(find({}, ['other']));
  expect(cache.stats()).toMatchObject({ hits: { memory: 1 }, misses: 2, loads: 1, fills: 1 });
});

async function finding(options: CoreSetup = {}) {
  const parts = await setup(options);
  const { cache, query } = parts;
  const find = (
    lifetime: Partial<Lifetime> = {},
    keyParts = ['User'],
    consistency?: 'strong',
  ): Promise<Finding<unknown>> =>
    cache.find({ ...query, keyParts, consistency, lifetime: { ...query.lifetime, ...lifetime } });
  return { ...parts, find };
}

async function found<Value>(finding: Promise<Finding<Value>>): Promise<Found<Value>> {
  const what = await finding;
  if (!what.found) throw new Error('Nothing was found.');
  return what;
}

async function missing<Value>(finding: Promise<Finding<Value>>): Promise<Missing<Value>> {
  const what = await finding;
  if (what.found) throw new Error('Something was found.');
  return what;
}
