import { expect, it } from 'vitest';
import { Sampler } from '../../../packages/core/src/observe/sampler.js';
import { randomFrom } from '../../support/random.js';

it.each([0.5, 0.1, 0.001])('a sampler takes a share of %d', (rate) => {
  const sampler = new Sampler(rate, randomFrom(1));
  let taken = 0;
  for (let come = 0; come < 1_000_000; come++) if (sampler.takes()) taken++;

  expect(taken / 1_000_000 / rate).toBeGreaterThan(0.9);
  expect(taken / 1_000_000 / rate).toBeLessThan(1.1);
});

it('a sampler takes everything at 1, and almost nothing at the smallest share', () => {
  const all = new Sampler(1, () => 0.999);
  const none = new Sampler(Number.MIN_VALUE, () => 0.001);

  expect(Array.from({ length: 100 }, () => all.takes())).not.toContain(false);
  expect(Array.from({ length: 100 }, () => none.takes())).not.toContain(true);
});

it('a sampler does not fall into step with a repeating sequence', () => {
  const sampler = new Sampler(0.25, randomFrom(2));
  const taken = [0, 0, 0, 0];
  for (let come = 0; come < 40_000; come++) {
    if (sampler.takes()) taken[come % 4] = (taken[come % 4] ?? 0) + 1;
  }

  for (const each of taken) expect(Math.abs(each - 2_500)).toBeLessThan(250);
});
