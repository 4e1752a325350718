import { describe, expect, it } from 'vitest';
import { weightOf } from '../../../packages/core/src/entry/weight.js';
import { Money } from './answers.js';

const row = (id: number) => ({
  id,
  name: `User ${id}`,
  price: new Money('1.50'),
  at: new Date(id),
  raw: new Uint8Array(16),
});

describe('weight', () => {
  it('counts what text and bytes hold', () => {
    expect(weightOf('x'.repeat(10_000)) - weightOf('')).toBe(10_000);
    expect(weightOf(new Uint8Array(10_000)) - weightOf(new Uint8Array())).toBe(10_000);
    expect(weightOf('€'.repeat(10_000)) - weightOf('')).toBe(20_000);
    expect(weightOf({ a: 'x'.repeat(10_000) })).toBeGreaterThan(10_000);
  });

  it('grows with the number of rows', () => {
    const one = weightOf([row(1)]);
    const hundred = weightOf(Array.from({ length: 100 }, (_, id) => row(id)));

    expect(hundred / one).toBeGreaterThan(80);
    expect(hundred / one).toBeLessThan(120);
  });

  it('finds heavy rows among many light ones, about as often as they are there', () => {
    const rows = Array.from({ length: 1_000 }, (_, id) => ({ text: 'x'.repeat(id * 10) }));
    const text = rows.reduce((sum, { text }) => sum + text.length, 0);

    expect(weightOf(rows)).toBeGreaterThan(0.7 * text);
    expect(weightOf(rows)).toBeLessThan(1.5 * text);
  });

  it('asks no more of a thousand rows than of ten', () => {
    let asked = 0;
    const rows = Array.from({ length: 1_000 }, () => ({
      get id() {
        asked += 1;
        return 1;
      },
    }));

    weightOf(rows);

    expect(asked).toBeLessThanOrEqual(10);
  });

  it('gives every value a weight above 0, even nothing and a cycle', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);

    for (const value of [null, undefined, 0, '', [], {}, cycle]) expect(weightOf(value)).toBeGreaterThan(0);
  });
});
