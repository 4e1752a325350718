import { describe, expect, it } from 'vitest';
import { ShapeNames } from '../../../packages/core/src/entry/shape-names.js';
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
  it('counts the contents of strings and bytes', () => {
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

  it('counts every string of a list, wherever the long ones are', () => {
    const places: Readonly<Record<string, (at: number) => boolean>> = {
      alternating: (at) => at % 2 === 1,
      sorted: (at) => at >= 190,
      last: (at) => at === 199,
      first: (at) => at === 0,
      'every eighth': (at) => at % 8 === 3,
    };
    for (const [place, isLong] of Object.entries(places)) {
      const rows = Array.from({ length: 200 }, (_, at) => ({ text: 'x'.repeat(isLong(at) ? 20_000 : 20) }));
      const text = rows.reduce((sum, row) => sum + row.text.length, 0);

      expect(weightOf(rows), place).toBeGreaterThan(text);
      expect(weightOf(rows), place).toBeLessThan(text + 200 * 100);
    }
  });

  it('counts two bytes for each character of a string that has one wide character, wherever that is', () => {
    for (const at of [0, 1, 4_999, 5_000, 9_999]) {
      const text = `${'x'.repeat(at)}€${'x'.repeat(9_999 - at)}`;
      expect(weightOf(text) - weightOf('')).toBe(20_000);
    }
    expect(weightOf('é'.repeat(10_000)) - weightOf('')).toBe(10_000);
  });

  it('counts the digits of a bigint', () => {
    expect(weightOf(10n ** 10_000n)).toBeGreaterThan(4_000);
  });

  it('counts the property names of the first object of each shape only', () => {
    const names = new ShapeNames();
    const own = (user: number) => ({ [`a long name of user ${user}`]: user });

    const first = weightOf(own(1), names);
    expect(first - weightOf(own(1), names)).toBeGreaterThan(100);
    expect(first).toBe(weightOf(own(2), names));
    expect(weightOf([own(3), own(3), own(3)], names)).toBeLessThan(2 * first);
    expect(weightOf([own(4), own(5), own(6)], names)).toBeGreaterThan(2.5 * first);
  });

  it('counts memory that several byte arrays share once', () => {
    const block = new ArrayBuffer(100_000);
    const parts = [0, 1, 2].map((at) => new Uint8Array(block, at * 10, 10));

    expect(weightOf(parts)).toBeGreaterThan(100_000);
    expect(weightOf(parts)).toBeLessThan(102_000);
  });

  it('visits an object that occurs many times only once for each depth', () => {
    let nested: unknown[] = [];
    for (let depth = 0; depth < 100; depth += 1) nested = [nested, nested];

    expect(weightOf(nested)).toBeLessThan(1_000_000);
  });

  it('is above 0 for every value, even for nothing and for a cycle', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);

    for (const value of [null, undefined, 0, '', [], {}, cycle]) expect(weightOf(value)).toBeGreaterThan(0);
  });
});
