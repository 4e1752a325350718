import type { Footprint, Query } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import { setup } from '../../support/core-setup.js';
import { settle } from '../../support/held.js';

const USERS: Footprint = { dependencies: [{ model: 'User' }], tags: [] };

/** Counts how often a footprint is worked out. */
class Analysis {
  calls = 0;
  readonly footprint = (): Footprint => {
    this.calls += 1;
    return USERS;
  };
}

describe('a footprint that is a function', () => {
  it('is not called for a hit', async () => {
    const { query, read, load } = await setup();
    const analysis = new Analysis();
    const asked: Query = { ...query, footprint: analysis.footprint };

    await read(asked);
    await read(asked);
    await read(asked);

    expect([analysis.calls, load.calls]).toEqual([1, 1]);
  });

  it('decides which changes affect the entry of its query', async () => {
    const { query, read, write, load } = await setup();
    const asked: Query = { ...query, footprint: new Analysis().footprint };
    await read(asked);

    await write();

    expect(await read(asked)).toMatchObject({ version: 1 });
    expect(load.calls).toBe(2);
  });

  it('is called before the first wait of the read, for a joined load and for a refresh too', async () => {
    const { cache, clock, query, read, load } = await setup({ lifetime: { swr: 300_000 } });
    const analysis = new Analysis();
    const asked: Query = { ...query, footprint: analysis.footprint };
    load.hold();

    const reading = [read(asked), read(asked)];
    expect(analysis.calls).toBe(2);
    await settle();
    load.release();
    await Promise.all(reading);
    clock.advance('2m');
    cache.read(asked, load.load);
    cache.read(asked, load.load);

    expect(analysis.calls).toBe(3);
    await cache.idle();
    expect(analysis.calls).toBe(3);
  });

  it('keeps the result out of the cache, with a reason, if it returns uncacheable', async () => {
    const { cache, query, load, decisions } = await setup();
    const asked: Query = { ...query, footprint: () => ({ refused: 'not-analysable' }) };
    const infos: unknown[] = [];
    const ask = async () => cache.read(asked, load.load, (info) => infos.push(info));

    await Promise.all([ask(), ask()]);

    expect(load.calls).toBe(2);
    expect(decisions()).toEqual(['bypass', 'bypass']);
    const bypass = { query: 'User.findUnique', status: 'bypass', source: 'origin', reason: 'not-analysable' };
    expect(infos).toEqual([bypass, bypass]);
    expect(cache.stats()).toMatchObject({ bypasses: 2, misses: 0, memory: { entries: 0 } });
  });

  it('rejects the read with the error that it throws', async () => {
    const { query, read, load } = await setup();
    const unknown = new Error('no such model');
    const footprint = (): never => {
      throw unknown;
    };

    await expect(read({ ...query, footprint })).rejects.toBe(unknown);
    expect(load.calls).toBe(0);
  });
});
