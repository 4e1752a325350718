import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsupportedKeyError } from '../../../packages/core/src/errors.js';
import { canonicalForm } from '../../../packages/core/src/key/canonical-form.js';
import type { KeyType } from '../../../packages/core/src/key/key-type.js';
import { answers, exactly, Money, moneyType, rowOf } from '../entry/answers.js';
import { typedSample } from './typed-sample.js';

class Sentinel {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const sentinelType: KeyType = {
  tag: 'sentinel',
  is: (value) => value instanceof Sentinel,
  toKey: (value) => (value as Sentinel).name,
};

const form = (value: unknown) => canonicalForm(value, [moneyType, sentinelType]);

/** `value` with the order of every object's properties turned round, and `undefined` properties added. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, shuffled(child)] as const);
  return rowOf([...entries.reverse(), ['an absent property', undefined]]);
}

/** `value` as the rules see it: keys in order, `undefined` properties gone, one zero, buffers as bytes. */
function asRead(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(asRead);
  if (Buffer.isBuffer(value)) return new Uint8Array(value);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  // Integer-like names always come first, so the order is not what `sort` says, but it is the same for both sides.
  return rowOf(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, child]) => [key, asRead(child)] as const));
}

describe('canonical form', () => {
  it('is equal for two queries exactly when they are equal under its rules', () => {
    fc.assert(
      fc.property(answers, answers, (one, other) => {
        expect(form(one) === form(other)).toBe(exactly(asRead(one)) === exactly(asRead(other)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not depend on the order of object keys, nor on absent properties', () => {
    fc.assert(
      fc.property(answers, (value) => {
        expect(form(shuffled(value))).toBe(form(value));
      }),
    );
  });

  it('marks its end, so that joined forms can be read in only one way', () => {
    fc.assert(
      fc.property(answers, answers, answers, answers, (a, b, c, d) => {
        fc.pre(form(a) !== form(c) || form(b) !== form(d));
        expect(form(a) + form(b)).not.toBe(form(c) + form(d));
      }),
    );
  });

  it('differs for every two of these values', () => {
    const values: unknown[] = [
      null, undefined, true, false, 'true', 'null', '', 0, 1, -1, 1n, -1n, '1', '1n', 'd1;', 's1:1', 1.5, 1e21, 1e-7,
      2 ** 32, 2 ** 32 - 1, 2 ** 53, Number.NaN, Infinity, -Infinity, 'NaN', [], {}, [[]], [{}], [null], [undefined],
      [1, 2], [[1], 2], [1, [2]], ['1', 2], ['12'], ['1', '2'], { a: null }, { a: 1, b: 2 }, { a: { b: 2 } }, { ab: 2 },
      { '0': 1 }, [1, null], new Date(0), new Date(1), new Date(Number.NaN), new Date(0).toISOString(),
      { $date: 0 }, new Uint8Array(), new Uint8Array([1]), new Uint8Array([0x31]), { 0: 1, length: 1 },
      new Money('1'), new Money('1.5'), new Sentinel('1'), new Sentinel('DbNull'), new Sentinel('JsonNull'),
      'é', 'e\u0301', '\u00e9\u0000', 'a\ud800', 'a\udc00', 'a\ufffd', '\u{10000}', '\ud800', '\udc00\ud800', '\0', '\0\0',
      JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":{}}'), { constructor: 1 }, { toJSON: 1 },
      'x'.repeat(40), 'x'.repeat(41), `${'x'.repeat(40)}é`, `${'x'.repeat(41)}é`, '€'.repeat(41), '€'.repeat(42), 'é'.repeat(41),
      'x'.repeat(100_000), `${'x'.repeat(99_999)}y`,
    ]; // biome-ignore format: a table

    const forms = new Map(values.map((value) => [form(value), value]));

    expect(forms.size).toBe(values.length);
  });

  it.each<[string, unknown, unknown]>([
    ['-0 and 0', [-0], [0]],
    ['an absent and an undefined property', { a: 1, b: undefined }, { a: 1 }],
    ['a buffer and bytes', Buffer.from([1, 2]), new Uint8Array([1, 2])],
    ['a view and its bytes', new Uint8Array([0, 1, 2]).subarray(1), new Uint8Array([1, 2])],
    ['a null prototype and a plain object', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['a plain object of another realm', runInContext('({ a: [1] })', createContext()), { a: [1] }],
    ['a date of another realm', runInContext('new Date(5)', createContext()), new Date(5)],
    ['two instances that mean the same', new Money('1.5'), new Money('1.5')],
    ['a hole and undefined', new Array(1), [undefined]],
  ])('is the same for %s', (_, one, other) => {
    expect(form(one)).toBe(form(other));
  });

  it('sorts many keys in the same order as few', () => {
    const names = Array.from({ length: 100 }, (_, index) => `key${(index * 37) % 100}`);
    const row = Object.fromEntries(names.map((name) => [name, 1]));

    expect(form(Object.fromEntries(Object.entries(row).reverse()))).toBe(form(row));
  });

  it('contains only one-byte characters', () => {
    expect(form(['é€\u{1F600}\ud800', new Money('€')])).toMatch(/^[\0-\xff]*$/);
  });

  it('is the same in another process', () => {
    const script = fileURLToPath(new URL('./print-form.ts', import.meta.url));

    const printed = execFileSync(process.execPath, ['--import', 'tsx', script], { encoding: 'latin1' });

    expect(printed).toBe(canonicalForm(typedSample(), [moneyType]));
  });

  it.each<[string, unknown, RegExp]>([
    ['a function', { where: { id: () => 1 } }, /a function at where\.id\./],
    ['a symbol', { in: [1, Symbol('s')] }, /a symbol at in\[1\]\./],
    ['a class that no value type handles', { args: [{ m: new Map() }] }, /an instance of Map at args\[0\]\.m\./],
    ['a class under an odd name', { 'a.b': new Set() }, /an instance of Set at \["a\.b"\]\./],
    ['nothing but a class', /x/, /an instance of RegExp at the top\./],
    ['another typed array', { raw: new Float32Array(1) }, /Float32Array at raw/],
    ['a boxed number', [new Number(1)], /an instance of Number at \[0\]/],
  ])('refuses %s, and the error names the value and its place', (_, value, message) => {
    expect(() => form(value)).toThrow(UnsupportedKeyError);
    expect(() => form(value)).toThrow(message);
  });

  it('refuses cycles and endless nesting', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = { again: [cycle] };
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];

    expect(() => form(cycle)).toThrow(UnsupportedKeyError);
    expect(() => form(deep)).toThrow(/deeper than 200/);
  });

  it('works again after a refusal, and while a class computes its own key', () => {
    const nesting: KeyType = {
      tag: 'n',
      is: (value) => value instanceof Set,
      toKey: (value) => form([...(value as Set<unknown>)]),
    };
    const getter = {
      get a() {
        return form('x'.repeat(50_000)).length;
      },
    };
    const before = form({ a: 1 });

    expect(() => form({ b: 'x'.repeat(5_000_000), c: () => 1 })).toThrow(UnsupportedKeyError);

    expect(form({ a: 1 })).toBe(before);
    expect(canonicalForm([1, new Set([2, 'b']), 3], [nesting])).toBe(`[d1;Cs1:n${form(form([2, 'b']))}d3;]`);
    expect(form([1, getter, 2])).toBe(form([1, { a: 50_007 }, 2]));
  });

  it("does not catch errors of the caller's code", () => {
    const broken: KeyType = {
      tag: 'broken',
      is: (value) => value instanceof Set,
      toKey() {
        throw new RangeError('no key');
      },
    };

    expect(() => canonicalForm([new Set()], [broken])).toThrow(RangeError);
    expect(form(1)).toBe('d1;');
  });
});
