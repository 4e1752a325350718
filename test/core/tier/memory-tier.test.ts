import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTier } from '../../../packages/core/src/tier/memory-tier.js';
import { type Contestant, hitRate, leastRecentlyUsed, seeded, zipf } from './traces.js';

function contestant(maxEntries: number): Contestant {
  const tier = new MemoryTier<true>({ maxEntries, maxBytes: Number.MAX_SAFE_INTEGER });
  return { has: (key) => tier.get(key) === true, put: (key) => void tier.set(key, true, 1) };
}

describe('memory tier', () => {
  it('returns what was stored, until it is deleted', () => {
    const tier = new MemoryTier<string>({ maxEntries: 10, maxBytes: 1_000 });

    tier.set('a', 'one', 10);
    tier.set('a', 'two', 20);

    expect(tier.get('a')).toBe('two');
    expect([tier.size, tier.bytes]).toEqual([1, 20]);
    expect([tier.delete('a'), tier.delete('a')]).toEqual([true, false]);
    expect(tier.get('a')).toBeUndefined();
    expect([tier.size, tier.bytes]).toEqual([0, 0]);
  });

  it('never exceeds its bounds, and behaves like a map that forgets, in every sequence of calls', () => {
    const key = fc.integer({ min: 0, max: 15 }).map(String);
    const step = fc.oneof(
      fc.record({ do: fc.constant('get' as const), key }),
      fc.record({ do: fc.constant('set' as const), key, value: fc.nat(), weight: fc.integer({ min: 0, max: 60 }) }),
      fc.record({ do: fc.constant('delete' as const), key }),
      fc.record({ do: fc.constant('clear' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const model = new Map<string, { value: number; weight: number }>();
        const onEvict = (evicted: string, value: number) => {
          expect(model.get(evicted)?.value).toBe(value);
          model.delete(evicted);
        };
        const tier = new MemoryTier<number>({ maxEntries: 6, maxBytes: 50, onEvict });

        for (const action of steps) {
          if (action.do === 'get') expect(tier.get(action.key)).toBe(model.get(action.key)?.value);
          else if (action.do === 'delete') expect(tier.delete(action.key)).toBe(model.delete(action.key));
          else if (action.do === 'clear') {
            tier.clear();
            model.clear();
          } else {
            const { value, weight } = action;
            if (model.has(action.key)) model.set(action.key, { value, weight });
            const kept = tier.set(action.key, value, weight);
            if (kept) model.set(action.key, { value, weight });
            else model.delete(action.key);
            expect(kept).toBe(tier.get(action.key) === value && model.has(action.key));
          }

          const weight = [...model.values()].reduce((sum, entry) => sum + entry.weight, 0);
          expect([tier.size, tier.bytes]).toEqual([model.size, weight]);
          expect(tier.size).toBeLessThanOrEqual(6);
          expect(tier.bytes).toBeLessThanOrEqual(50);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps neither an entry that is heavier than the tier nor the one it replaces', () => {
    const tier = new MemoryTier<string>({ maxEntries: 10, maxBytes: 100 });
    tier.set('a', 'old', 10);
    tier.set('b', 'other', 10);

    expect(tier.set('a', 'new', 101)).toBe(false);

    expect(tier.get('a')).toBeUndefined();
    expect(tier.get('b')).toBe('other');
  });

  it('keeps at least the newest entry if it has room for one', () => {
    const tier = new MemoryTier<number>({ maxEntries: 1, maxBytes: 100 });

    for (let id = 0; id < 100; id += 1) {
      expect(tier.set(String(id), id, 1)).toBe(true);
      tier.get(String(id));
      tier.get(String(id));
      expect(tier.get(String(id))).toBe(id);
    }

    expect(tier.size).toBe(1);
  });

  it('keeps frequently used entries during a scan of ten times its size', () => {
    const tier = new MemoryTier<string>({ maxEntries: 100, maxBytes: 1_000_000 });
    const hot = Array.from({ length: 50 }, (_, index) => `hot ${index}`);
    for (const key of hot) tier.set(key, key, 1);
    for (const key of [...hot, ...hot]) tier.get(key);

    for (let id = 0; id < 1_000; id += 1) tier.set(`scan ${id}`, 'x', 1);

    expect(hot.filter((key) => tier.get(key) !== undefined)).toEqual(hot);
  });

  it('keeps an entry longer if it is stored again soon after its eviction', () => {
    const tier = new MemoryTier<string>({ maxEntries: 10, maxBytes: 1_000_000 });
    tier.set('back', 'x', 1);
    for (let id = 0; id < 10; id += 1) tier.set(`one ${id}`, 'x', 1);
    expect(tier.get('back')).toBeUndefined();

    tier.set('back', 'x', 1);
    for (let id = 0; id < 50; id += 1) tier.set(`two ${id}`, 'x', 1);

    expect(tier.get('back')).toBe('x');
  });

  it('hits at least 5 points more often than the least-recently-used policy, with and without scans', () => {
    const keys = 20_000;
    const capacity = keys / 10;
    const random = seeded(20_231_023);
    const draw = zipf(random, keys, 0.9);
    const plain = Array.from({ length: 200_000 }, () => String(draw()));
    let scanned = 0;
    const scans = plain.map((key) => (random() < 0.2 ? `scan ${scanned++}` : key));

    for (const trace of [plain, scans]) {
      const gain = hitRate(contestant(capacity), trace) - hitRate(leastRecentlyUsed(capacity), trace);

      expect(gain).toBeGreaterThanOrEqual(5);
    }
  });
});
