import fc from 'fast-check';
import { pack } from 'msgpackr';
import { describe, expect, it, vi } from 'vitest';
import { decodeValue, encodeValue } from '../../../packages/core/src/entry/codec.js';
import type { ValueType } from '../../../packages/core/src/entry/value-type.js';
import { BIGINT, BIGINTS, MOST_DIGITS } from '../../../packages/core/src/entry/wire.js';
import { CodecError } from '../../../packages/core/src/errors.js';
import { answers, exactly, Money, moneyType, objectsIn, uncacheable } from './answers.js';

const types = [moneyType];
const roundTrip = (value: unknown) => decodeValue(encodeValue(value, types), types);

describe('codec', () => {
  it('decodes exactly what was encoded: values, classes and the order of properties', () => {
    fc.assert(
      fc.property(answers, (value) => {
        expect(exactly(roundTrip(value))).toBe(exactly(value));
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, unknown]>([
    ['-0', -0],
    ['NaN', Number.NaN],
    ['Infinity', -Infinity],
    ['undefined', { a: undefined, b: [undefined, null] }],
    ['the least float', 5e-324],
    ['a float that does not fit 32 bits', 0.1],
    ['the largest safe integer', [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53, 2 ** 64]],
    ['a huge bigint', [-(2n ** 4_000n), 0n, 2n ** 64n]],
    ['an invalid date', [new Date(Number.NaN), new Date(-1), new Date(8.64e15)]],
    ['empty things', [[], {}, '', new Uint8Array(), [[]], [{}, {}]]],
    ['a column that is null first', [{ at: null }, { at: new Date(1) }, { at: null }]],
    ['a column of several classes', [{ at: 1n }, { at: new Date(1) }, { at: new Money('1') }, { at: undefined }]],
    ['rows of several shapes', [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }, {}]],
    ['names that are equal when joined', [[{ 'a,b': 1, c: 2 }], [{ a: 1, 'b,c': 2 }]]],
    [
      'a list that looks like a code',
      [
        [-1, 1],
        [-2, 0, 1, 1],
        [0, 1],
        [-5, 0],
      ],
    ],
    ['strings beyond the basic plane', ['\u{1F600}', '\u{10FFFF}', '\0', 'é'.repeat(10_000)]],
    ['a long list', Array.from({ length: 70_000 }, (_, index) => index)],
  ])('keeps %s', (_, value) => {
    expect(exactly(roundTrip(value))).toBe(exactly(value));
  });

  it('keeps own __proto__ properties as properties, in rows and in lists of rows', () => {
    const text =
      '[{"__proto__":{"admin":true},"toJSON":1},{"__proto__":2,"toJSON":null},{"constructor":{"__proto__":[]}}]';

    const decoded = roundTrip(JSON.parse(text)) as object[];

    expect(JSON.stringify(decoded)).toBe(text);
    for (const row of decoded) expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  it('decodes plain bytes into their own memory, and buffers into buffers', () => {
    const encoded = encodeValue([new Uint8Array([1, 2]).subarray(1), Buffer.from([3])], types);

    const [bytes, buffer] = decodeValue(encoded, types) as [Uint8Array, Buffer];
    encoded.fill(0);

    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect([...bytes]).toEqual([2]);
    expect(bytes.buffer.byteLength).toBe(1);
    expect(Buffer.isBuffer(buffer)).toBe(true);
    expect([...buffer]).toEqual([3]);
  });

  it('decodes into distinct rows', () => {
    const decoded = roundTrip([{ a: { b: 1 } }, { a: { b: 1 } }]);

    expect(objectsIn(decoded).size).toBe(5);
  });

  it('encodes an object with a null prototype as a plain object', () => {
    expect(roundTrip(Object.assign(Object.create(null), { a: 1 }))).toStrictEqual({ a: 1 });
  });

  it('writes the column names of many rows once', () => {
    const rows = Array.from({ length: 1_000 }, (_, id) => ({ identifier: id % 100, createdAtTime: new Date(id) }));

    expect(encodeValue(rows, types).length).toBeLessThan(1_000 * 11 + 100);
  });

  it.each([
    ...uncacheable,
    ['a lone surrogate', () => ({ text: 'a\ud800' })] as const,
    ['a lone surrogate in a name', () => ({ '\udc00': 1 })] as const,
  ])('refuses %s', (_, make) => {
    expect(() => encodeValue(make(), types)).toThrow(CodecError);
  });

  it('refuses a value of a class that the reader does not know', () => {
    const encoded = encodeValue([new Money('1')], types);

    expect(() => decodeValue(encoded, [])).toThrow(/values of type money, for which no value type is registered/);
  });

  it('refuses a string that its class cannot read', () => {
    const picky: ValueType = {
      ...moneyType,
      fromText(text) {
        throw new RangeError(`${text} is no money`);
      },
    };

    expect(() => decodeValue(encodeValue([new Money('x')], types), [picky])).toThrow(CodecError);
  });

  it('groups the relations of many rows', () => {
    const posts = (id: number) =>
      Array.from({ length: id % 3 }, (_, index) => ({ title: `Post ${index}`, at: new Date(id) }));
    const rows = Array.from({ length: 100 }, (_, id) => ({
      id,
      profile: { bio: `b${id}` },
      posts: posts(id),
      tags: ['a'],
    }));
    const encoded = encodeValue(rows, types);

    expect(decodeValue(encoded, types)).toStrictEqual(rows);
    expect(encoded.toString('latin1').split('title')).toHaveLength(2);
    expect(encoded.toString('latin1').split('bio')).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    [
      'a column of rows of another number',
      [
        [
          [['a'], [4]],
          [['b'], [0]],
        ],
        [],
        [0, [-2, 1, 2, 1, 2]],
      ],
    ],
    ['a column of rows that holds none', [[[['a'], [4]]], [], [0, 'x']]],
    ['a column of lists that holds none', [[[['a'], [5]]], [], [0, 1]]],
    ['lists longer than their items', [[[['a'], [5]]], [], [0, [2, [-1, 1]]]]],
    ['lists shorter than their items', [[[['a'], [5]]], [], [0, [0, [-1, 1]]]]],
    ['a list of negative length', [[[['a'], [5]]], [], [-2, 0, 2, [2, [-1, 1]], -1]]],
    ['no message', 1],
    ['no shapes', [1, [], 1]],
    ['a shape without columns', [[[['a'], []]], [], [0, 1]]],
    ['classes that are not strings', [[], [1], 1]],
    ['an unknown shape', [[], [], [0, 1]]],
    ['a fractional shape', [[[['a'], [0]]], [], [0.5, 1]]],
    ['a row that is too short', [[[['a'], [0]]], [], [0]]],
    ['a table that is too short', [[[['a'], [0]]], [], [-2, 0, 2, 1]]],
    ['a table without columns', [[[[], []]], [], [-2, 0, 4e9]]],
    ['an unknown code', [[], [], [-99]]],
    ['a code that is no number', [[], [], ['a']]],
    ['an empty array', [[], [], []]],
    ['a date that is a string', [[], [], [-5, 'x']]],
    ['a bigint of letters', [[], [], [-6, 'x']]],
    ['a buffer that is a string', [[], [], [-7, 'x']]],
    ['an unknown class', [[], [], [-8, 0, 'x']]],
    ['a column of an unknown kind', [[[['a'], [-7]]], [], [0, 1]]],
    ['a map', [[], [], { a: 1 }]],
    ['a date of MessagePack', [[], [], new Date()]],
  ])('refuses a payload with %s', (_, message) => {
    expect(() => decodeValue(pack(message), types)).toThrow(CodecError);
  });

  it.each<[string, unknown]>([
    ['alone', [[], [], [BIGINT, '9'.repeat(3_000_000)]]],
    ['in a column', [[[['a'], [BIGINTS]]], [], [-2, 0, 2, '1', '9'.repeat(3_000_000)]]],
    ['below zero', [[], [], [BIGINT, `-${'9'.repeat(MOST_DIGITS + 1)}`]]],
  ])('refuses a bigint with too many digits without reading it: %s', (_, message) => {
    const bytes = pack(message);
    const toBigInt = vi.spyOn(globalThis, 'BigInt');
    try {
      expect(() => decodeValue(bytes, types)).toThrow(`a bigint of at most ${MOST_DIGITS} digits`);
      expect(toBigInt.mock.calls.filter(([text]) => String(text).length > MOST_DIGITS)).toEqual([]);
    } finally {
      toBigInt.mockRestore();
    }
  });

  it('accepts the largest bigint that it can decode, and no larger one', () => {
    const largest = 10n ** BigInt(MOST_DIGITS) - 1n;
    expect(roundTrip([largest, -largest])).toEqual([largest, -largest]);
    expect(() => encodeValue(largest + 1n, types)).toThrow(CodecError);
    expect(() => encodeValue([{ a: -largest - 1n }], types)).toThrow(CodecError);
  });

  it('refuses bytes that are not MessagePack', () => {
    expect(() => decodeValue(Buffer.from([0xc1, 1, 2]), types)).toThrow(CodecError);
    expect(() => decodeValue(Buffer.alloc(0), types)).toThrow(CodecError);
  });
});
