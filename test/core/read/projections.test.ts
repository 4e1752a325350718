import type { KeepMapped, Query } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import { type CoreSetup, setup } from '../../support/core-setup.js';

const MADE = { name: 'Ada', born: new Date(0), tags: ['a'] };

describe('what is made of an answer', () => {
  it('is kept with the first hit, and every caller has his own', async () => {
    const { ask } = await mapping();
    expect(await ask()).toMatchObject({ made: undefined, keep: undefined });

    const first = await ask();
    const given = first.keep?.(structuredClone(MADE)) as typeof MADE;
    given.tags.push('mine');
    for (let hit = 0; hit < 3; hit += 1) {
      const { made, keep, answer } = await ask();
      expect(made).toEqual(MADE);
      expect(keep).toBeUndefined();
      expect(answer).toBe('instead');
      (made as typeof MADE).born.setTime(1);
      (made as typeof MADE).tags.length = 0;
    }
  });

  it('goes with the answer', async () => {
    const { ask, write, load } = await mapping();
    await ask();
    (await ask()).keep?.(MADE);

    await write();

    expect(await ask()).toMatchObject({ made: undefined, keep: undefined, answer: { version: 1 } });
    expect(await ask()).toMatchObject({ made: undefined, keep: expect.any(Function), answer: { version: 1 } });
    expect(load.calls).toBe(2);
  });

  it('is not kept for an answer that is no longer there', async () => {
    const { ask, write } = await mapping();
    await ask();
    const { keep } = await ask();
    await write();
    await ask();

    expect(keep?.(MADE)).toBe(MADE);

    expect(await ask()).toMatchObject({ made: undefined, keep: expect.any(Function) });
  });

  it('is handed out as it is if it cannot be copied exactly', async () => {
    const { ask } = await mapping();
    await ask();
    const made = { name: 'Ada', toJSON: () => 'Ada' };

    expect((await ask()).keep?.(made)).toBe(made);

    expect(await ask()).toMatchObject({ made: undefined, keep: expect.any(Function) });
  });

  it('stays while others want something else of the answer, but no oftener', async () => {
    const { ask, cache } = await mapping();
    await ask();
    (await ask()).keep?.(MADE);
    const { bytes } = cache.stats().memory;
    const other = {};

    for (let turn = 0; turn < 3; turn += 1) {
      expect(await ask()).toMatchObject({ made: MADE });
      expect(await ask(other)).toMatchObject({ made: undefined, keep: undefined, answer: { id: 1 } });
    }
    const { keep } = await ask(other);
    expect(keep?.('another')).toBe('another');

    expect(await ask(other)).toMatchObject({ made: 'another' });
    expect(await ask()).toMatchObject({ made: undefined, answer: { id: 1 } });
    expect(cache.stats().memory.bytes).toBeLessThan(bytes);
  });

  it('weighs what it weighs', async () => {
    const { ask, cache } = await mapping({ options: { memory: { maxBytes: 20_000 } } });
    await ask();
    const { bytes } = cache.stats().memory;

    (await ask()).keep?.({ text: 'x'.repeat(10_000) });

    expect(cache.stats().memory.bytes).toBeGreaterThan(bytes + 10_000);
    expect(cache.stats().memory.bytes).toBeLessThan(bytes + 11_000);
  });

  it('is not kept if it weighs more than memory may, and the answer stays', async () => {
    const { ask, cache } = await mapping({ options: { memory: { maxBytes: 20_000 } } });
    await ask();
    const before = cache.stats().memory;
    const made = { text: 'x'.repeat(20_000) };

    expect((await ask()).keep?.(made)).toBe(made);

    expect(cache.stats().memory).toEqual(before);
    expect(await ask()).toMatchObject({ answer: { id: 1 }, keep: expect.any(Function) });
  });

  it('makes others leave where there is too little room', async () => {
    const { ask, cache, query } = await mapping({ options: { memory: { maxBytes: 20_000 } } });
    const of = {};
    for (let other = 0; other < 3; other += 1) await ask(of, { ...query, keyParts: [other, 'x'.repeat(900)] });
    await ask();
    const { entries } = cache.stats().memory;

    (await ask()).keep?.({ text: 'x'.repeat(17_500) });

    expect(cache.stats().memory.entries).toBeLessThan(entries);
    expect(cache.stats().memory.bytes).toBeLessThanOrEqual(20_000);
  });
});

async function mapping(parts: CoreSetup = {}) {
  const made = await setup(parts);
  const same = {};
  return {
    ...made,
    /** Asks, with a mapping: how the read was answered. */
    async ask(of: object = same, query: Query<unknown> = made.query) {
      const heard: { made: unknown; keep: KeepMapped | undefined } = { made: undefined, keep: undefined };
      const answer = await made.read({
        ...query,
        mapping: {
          of,
          found: (found) => {
            heard.made = found;
            return 'instead';
          },
          absent: (keep) => {
            heard.keep = keep;
          },
        },
      });
      return { ...heard, answer };
    },
  };
}
