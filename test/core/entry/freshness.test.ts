import { expect, it } from 'vitest';
import { freshnessOf } from '../../../packages/core/src/entry/freshness.js';

const entry = { createdAt: 10_000, staleAt: 11_000, refreshUntil: 13_000, expiresAt: 15_000 };
const lifetime = { ttl: 1_000, swr: 2_000, grace: 4_000 };

it('an entry is fresh, then stale, then in grace, then expired', () => {
  const at = (now: number) => freshnessOf(entry, lifetime, now);

  expect([at(10_999), at(11_000), at(12_999), at(13_000), at(14_999), at(15_000)]).toEqual([
    'fresh',
    'stale',
    'stale',
    'grace',
    'grace',
    'expired',
  ]);
});

it('a reader with a shorter ttl sees the same entry as stale or expired earlier', () => {
  const wanted = { ttl: 100, swr: 0, grace: 200 };

  expect(freshnessOf(entry, wanted, 10_099)).toBe('fresh');
  expect(freshnessOf(entry, wanted, 10_100)).toBe('grace');
  expect(freshnessOf(entry, wanted, 10_300)).toBe('expired');
});

it('an entry loaded later than now is expired, because the clock of the log was set back', () => {
  expect(freshnessOf(entry, lifetime, 9_750)).toBe('fresh');
  expect(freshnessOf(entry, lifetime, 9_749)).toBe('expired');
});
