import type { ReadInfo } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import type { Tier } from '../../../packages/core/src/tier/tier.js';
import { emptyTier, setup } from '../../support/core-setup.js';
import { settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

describe('stale-while-revalidate', () => {
  it('serves the stale entry at once and refreshes it once', async () => {
    const { cache, clock, load, read, decisions } = await setup({ lifetime: { swr: 300_000 } });
    await read();
    clock.advance('2m');
    decisions();

    load.hold();
    await Promise.all([read(), read()]);
    load.release();
    await cache.idle();

    expect(load.calls).toBe(2);
    expect(decisions()).toEqual(['refresh', 'load', 'stale-hit', 'stale-hit', 'fill']);
    await read();
    expect(decisions()).toEqual(['hit']);
  });

  it('refreshes an entry of the shared tier once, even without a memory tier', async () => {
    const entries = new Map<string, Entry>();
    const tier: Tier = {
      ...emptyTier,
      get: async (key) => entries.get(key),
      set: async (key, entry) => {
        entries.set(key, entry);
      },
    };
    const { cache, clock, load, read } = await setup({
      log: new ScriptedLog(),
      tier,
      options: { memory: false, maxStaleness: '10m' },
      lifetime: { swr: 300_000 },
    });
    await read();
    clock.advance('2m');

    load.hold();
    for (let i = 0; i < 3; i++) await read();
    load.release();
    await cache.idle();

    expect(load.calls).toBe(2);
  });

  it('never serves an entry that a change may have affected', async () => {
    const { clock, read, write } = await setup({ lifetime: { swr: 300_000, grace: 300_000 } });
    await read();
    clock.advance('2m');
    await write();

    expect(await read()).toMatchObject({ version: 1 });
  });

  it('keeps serving the stale entry if the refresh fails, and refreshes again after a second', async () => {
    const { cache, clock, load, read } = await setup({ lifetime: { swr: 300_000 } });
    await read();
    clock.advance('2m');
    load.hold();
    await read();
    load.fail(new Error('down'));
    await cache.idle();
    expect(load.calls).toBe(2);

    expect(await read()).toMatchObject({ version: 0 });
    expect(load.calls).toBe(2);
    clock.advance('1s');
    await read();
    expect(load.calls).toBe(3);
  });
});

describe('grace', () => {
  it('serves the last entry if the load fails, and does not load again at once', async () => {
    const { clock, load, read, decisions } = await setup({ lifetime: { grace: 3_600_000 } });
    await read();
    clock.advance('10m');
    decisions();
    load.hold();
    const reading = Promise.all([read(), read()]);
    await settle();
    load.fail(new Error('down'));

    expect(await reading).toMatchObject([{ version: 0 }, { version: 0 }]);
    expect(decisions()).toContain('load-failed');
    expect(await read()).toMatchObject({ version: 0 });
    expect(load.calls).toBe(2);
  });

  it('ends: afterwards a read rejects with the error of the load', async () => {
    const { clock, load, read } = await setup({ lifetime: { grace: 60_000 } });
    await read();
    clock.advance('3m');
    load.hold();
    const reading = read();
    await settle();
    load.fail(new Error('down'));

    await expect(reading).rejects.toThrow('down');
  });

  it('does not serve an entry that can no longer be judged when the load fails', async () => {
    const log = new ScriptedLog();
    const { clock, load, read } = await setup({ log, lifetime: { grace: 3_600_000 } });
    await read();
    for (let i = 0; i < 300; i++) {
      clock.advance('300ms');
      await settle();
    }
    load.hold();
    const reading = read();
    await settle();
    log.down = new Error('gone');
    clock.advance('2s');
    load.fail(new Error('down'));

    await expect(reading).rejects.toThrow('down');
  });

  it('does not serve an entry that a change affected during the load', async () => {
    const { clock, load, read, write } = await setup({ lifetime: { grace: 3_600_000 } });
    await read();
    clock.advance('10m');
    load.hold();
    const reading = read();
    await settle();
    await write();
    load.fail(new Error('down'));

    await expect(reading).rejects.toThrow('down');
  });
});

describe('an entry that could not be confirmed', () => {
  it('is reported as stale to every caller, including those that joined', async () => {
    const log = new ScriptedLog();
    const { cache, clock, load, query, read } = await setup({ log, options: { onUnconfirmed: 'serve' } });
    await read();
    log.down = new Error('gone');
    clock.advance('2s');
    const said: ReadInfo[] = [];

    await Promise.all([1, 2].map(() => cache.read(query, load.load, (info) => said.push(info))));

    const stale = { status: 'stale', reason: 'unconfirmed' };
    expect(said).toMatchObject([
      { ...stale, source: 'memory' },
      { ...stale, source: 'shared-load' },
    ]);
  });
});

it('an entry that another process loaded at a later position survives the records up to there', async () => {
  const log = new ScriptedLog();
  const entries = new Map<string, Entry>();
  const tier: Tier = {
    ...emptyTier,
    get: async (key) => entries.get(key),
    set: async (key, entry) => {
      entries.set(key, entry);
    },
  };
  const there = await setup({ log, tier });
  await there.read();
  await there.cache.idle();
  const here = await setup({ log, tier });
  // The other process has read a record that reaches this one later.
  log.pushes = false;
  log.appendElsewhere([{ kind: 'model', model: 'User', op: 'update' }]);
  for (const [key, entry] of entries) entries.set(key, { ...entry, stamp: { epoch: log.epoch, seq: 1 } });
  await here.read();
  await here.read();

  log.deliver(log.records[0] as never);

  const sources: ReadInfo['source'][] = [];
  await here.cache.read(here.query, here.load.load, ({ source }) => sources.push(source));
  expect(sources).toEqual(['memory']);
});
