import type { KeepProjection, Query } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import { type CoreSetup, setup } from '../../support/core-setup.js';

const ROWS = { name: 'Ada', born: new Date(0), tags: ['a'] };

describe('a projection', () => {
  it('is kept from the first hit on, and every later hit gets its own copy', async () => {
    const { ask } = await projecting();
    expect(await ask()).toMatchObject({ reused: undefined, keep: undefined });

    const first = await ask();
    const own = first.keep?.(structuredClone(ROWS)) as typeof ROWS;
    own.tags.push('mine');
    for (let hit = 0; hit < 3; hit += 1) {
      const { reused, keep, value } = await ask();
      expect(reused).toEqual(ROWS);
      expect(keep).toBeUndefined();
      expect(value).toBe('instead');
      (reused as typeof ROWS).born.setTime(1);
      (reused as typeof ROWS).tags.length = 0;
    }
  });

  it('leaves memory with its entry when a write invalidates it', async () => {
    const { ask, write, load } = await projecting();
    await ask();
    (await ask()).keep?.(ROWS);

    await write();

    expect(await ask()).toMatchObject({ reused: undefined, keep: undefined, value: { version: 1 } });
    expect(await ask()).toMatchObject({ reused: undefined, keep: expect.any(Function), value: { version: 1 } });
    expect(load.calls).toBe(2);
  });

  it('is not kept if its entry is no longer in memory', async () => {
    const { ask, write } = await projecting();
    await ask();
    const { keep } = await ask();
    await write();
    await ask();

    expect(keep?.(ROWS)).toBe(ROWS);

    expect(await ask()).toMatchObject({ reused: undefined, keep: expect.any(Function) });
  });

  it('is returned unchanged and not kept if it cannot be copied exactly', async () => {
    const { ask } = await projecting();
    await ask();
    const rows = { name: 'Ada', toJSON: () => 'Ada' };

    expect((await ask()).keep?.(rows)).toBe(rows);

    expect(await ask()).toMatchObject({ reused: undefined, keep: expect.any(Function) });
  });

  it('is kept until another projection of the same entry is requested more often', async () => {
    const { ask, cache } = await projecting();
    await ask();
    (await ask()).keep?.(ROWS);
    const { bytes } = cache.stats().memory;
    const other = {};

    for (let turn = 0; turn < 3; turn += 1) {
      expect(await ask()).toMatchObject({ reused: ROWS });
      expect(await ask(other)).toMatchObject({ reused: undefined, keep: undefined, value: { id: 1 } });
    }
    const { keep } = await ask(other);
    expect(keep?.('another')).toBe('another');

    expect(await ask(other)).toMatchObject({ reused: 'another' });
    expect(await ask()).toMatchObject({ reused: undefined, value: { id: 1 } });
    expect(cache.stats().memory.bytes).toBeLessThan(bytes);
  });

  it('counts toward the bytes of memory', async () => {
    const { ask, cache } = await projecting({ options: { memory: { maxBytes: 20_000 } } });
    await ask();
    const { bytes } = cache.stats().memory;

    (await ask()).keep?.({ text: 'x'.repeat(10_000) });

    expect(cache.stats().memory.bytes).toBeGreaterThan(bytes + 10_000);
    expect(cache.stats().memory.bytes).toBeLessThan(bytes + 11_000);
  });

  it('is not kept if it exceeds the bound of memory, and its entry stays', async () => {
    const { ask, cache } = await projecting({ options: { memory: { maxBytes: 20_000 } } });
    await ask();
    const before = cache.stats().memory;
    const rows = { text: 'x'.repeat(20_000) };

    expect((await ask()).keep?.(rows)).toBe(rows);

    expect(cache.stats().memory).toEqual(before);
    expect(await ask()).toMatchObject({ value: { id: 1 }, keep: expect.any(Function) });
  });

  it('evicts other entries if memory has too little room for it', async () => {
    const { ask, cache, query } = await projecting({ options: { memory: { maxBytes: 20_000 } } });
    const id = {};
    for (let other = 0; other < 3; other += 1) await ask(id, { ...query, keyParts: [other, 'x'.repeat(900)] });
    await ask();
    const { entries } = cache.stats().memory;

    (await ask()).keep?.({ text: 'x'.repeat(17_500) });

    expect(cache.stats().memory.entries).toBeLessThan(entries);
    expect(cache.stats().memory.bytes).toBeLessThanOrEqual(20_000);
  });
});

async function projecting(parts: CoreSetup = {}) {
  const core = await setup(parts);
  const same = {};
  return {
    ...core,
    /** Reads with a projection. @returns The value, and what the cache called. */
    async ask(id: object = same, query: Query<unknown> = core.query) {
      const called: { reused: unknown; keep: KeepProjection | undefined } = { reused: undefined, keep: undefined };
      const value = await core.read({
        ...query,
        projection: {
          id,
          reuse: (projected) => {
            called.reused = projected;
            return 'instead';
          },
          store: (keep) => {
            called.keep = keep;
          },
        },
      });
      return { ...called, value };
    },
  };
}
