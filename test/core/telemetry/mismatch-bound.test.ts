import { mismatchBound } from '@cachetastic/core';
import { expect, it } from 'vitest';

it.each([
  [0, 1],
  [2, 1],
  [300, 0.01],
  [3_000_000, 0.000_001],
])('if %i verified hits were correct, at most the share %d may be wrong', (verified, bound) => {
  expect(mismatchBound({ verified, mismatched: 0 })).toBeCloseTo(bound, 12);
});

it('the bound is never less than the exact one at 95 %, nor much more', () => {
  for (let mismatched = 0; mismatched <= 200; mismatched++) {
    const most = mismatchBound({ verified: 1_000_000 - mismatched, mismatched }) * 1_000_000;

    expect(chanceOfAtMost(mismatched, most), `${mismatched}`).toBeLessThanOrEqual(0.05);
    expect(chanceOfAtMost(mismatched, most), `${mismatched}`).toBeGreaterThan(0.02);
  }
});

it('the bound is 1 while too few hits were verified', () => {
  expect(mismatchBound({ verified: 0, mismatched: 1 })).toBe(1);
});

/** Poisson: the chance of `count` or fewer where `mean` are expected. */
function chanceOfAtMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}
