import { describe, expect, it } from 'vitest';
import { KnownFunctions, ParsedSqlCache } from '../../../packages/core/src/sql/index.js';

/** A query for a list of `count` ids, of a text of its own for each `name`. */
function listOf(count: number, name = 'users'): string {
  const marks = Array.from({ length: count }, (_, index) => `$${index + 1}`);
  return `select * from ${name} where id in (${marks.join(', ')})`;
}

function texts(): ParsedSqlCache {
  return new ParsedSqlCache('postgresql', new KnownFunctions('postgresql'));
}

describe('SQL strings', () => {
  it.each([1, 100, 30_000])('are parsed once, with a list of %i parameters', (count) => {
    const known = texts();
    const sql = listOf(count);

    expect(known.parse(sql)).toBe(known.parse(sql));
  });

  it('are cached up to a number if they have ordinary length', () => {
    const known = texts();
    for (let number = 0; number < 600; number += 1) known.parse(listOf(1, `t${number}`));

    expect([known.knows(listOf(1, 't0')), known.knows(listOf(1, 't599'))]).toEqual([false, true]);
  });

  it('are cached up to a total number of characters', () => {
    const known = texts();
    const all = Array.from({ length: 100 }, (_, number) => listOf(2_500, `t${number}`));
    for (const sql of all) known.parse(sql);
    const kept = all.filter((sql) => known.knows(sql));

    expect(kept.at(-1)).toBe(all.at(-1));
    expect(kept.join('').length).toBeLessThanOrEqual(500_000);
  });

  it('displace no short string if they are long', () => {
    const known = texts();
    known.parse(listOf(1));
    for (let number = 0; number < 10; number += 1) known.parse(listOf(30_000, `t${number}`));

    expect([known.knows(listOf(1)), known.knows(listOf(30_000, 't9'))]).toEqual([true, true]);
    expect(known.knows(listOf(30_000, 't8'))).toBe(false);
  });

  it('are parsed each time if they are longer than an application repeats', () => {
    const known = texts();
    known.parse(listOf(60_000));

    expect(known.knows(listOf(60_000))).toBe(false);
  });
});
