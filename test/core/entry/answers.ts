import fc from 'fast-check';
import type { ValueType } from '../../../packages/core/src/entry/value-type.js';

/** Stands for an ORM's decimal: a class that core does not know. */
export class Money {
  readonly amount: string;

  constructor(amount: string) {
    this.amount = amount;
  }
}

export const moneyType: ValueType = {
  tag: 'money',
  is: (value) => value instanceof Money,
  toKey: (value) => (value as Money).amount,
  toText: (value) => (value as Money).amount,
  fromText: (text) => new Money(text),
  copy: (value) => new Money((value as Money).amount),
};

const KEYS = ['id', 'name', '__proto__', 'constructor', 'toJSON', 'length', '0', '-1', '-2', '', 'a,b', 'a', 'b'];

const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: 'grapheme' }));

const cell = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(null, undefined, true, false, -0, 0, -1, -3, Number.NaN, Infinity, -Infinity),
  },
  { weight: 2, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme' }) },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }) },
  { weight: 2, arbitrary: fc.date({ noInvalidDate: false }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: fc.string().map((text) => new Money(text)) },
);

/** A plain object whose own properties are exactly `entries`, `__proto__` included, in their order. */
export function rowOf(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const row = {};
  for (const [name, value] of entries) {
    Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return row;
}

/** Anything that an answer may hold: cells, rows, lists, and lists of rows of one shape. */
export const answers: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; row: unknown; rows: unknown; list: unknown }>(
  (tie) => ({
    value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, cell, tie('row'), tie('rows'), tie('list')),
    row: fc.uniqueArray(fc.tuple(key, tie('value')), { selector: ([name]) => name, maxLength: 5 }).map(rowOf),
    list: fc.array(tie('value'), { maxLength: 5 }),
    rows: fc
      .uniqueArray(key, { maxLength: 4 })
      .chain((keys) =>
        fc
          .array(fc.array(tie('value'), { minLength: keys.length, maxLength: keys.length }), { maxLength: 4 })
          .map((rows) => rows.map((cells) => rowOf(keys.map((name, index) => [name, cells[index]] as const)))),
      ),
  }),
).value;

/** Every object inside `value`, itself included. */
export function objectsIn(value: unknown, found: Set<object> = new Set()): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  if (!(value instanceof Uint8Array)) for (const name of Object.keys(value)) objectsIn(Reflect.get(value, name), found);
  return found;
}

/** Everything that can be seen of `value`, as text: classes, own properties in order, exact numbers. */
export function exactly(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  const name = CLASSES.find((candidate) => Object.getPrototypeOf(value) === candidate.prototype)?.name;
  if (value instanceof Date) return `${name}(${value.getTime()})`;
  if (value instanceof Uint8Array) return `${name}(${[...value].join()})`;
  return `${name}{${Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}:${exactly(child)}`)}}`;
}

const CLASSES = [Object, Array, Date, Uint8Array, Buffer, Money];

/** What no entry may hold, and what it is. */
export const uncacheable: readonly (readonly [string, () => unknown])[] = [
  ['a function', () => ({ run: () => 1 })],
  ['a symbol', () => [Symbol('s')]],
  ['a symbol key', () => ({ [Symbol('s')]: 1 })],
  ['a Map', () => [{ map: new Map() }]],
  ['a class that no value type handles', () => [new (class Point {})()]],
  ['a subclass of Date', () => new (class Later extends Date {})()],
  ['a subclass of Array', () => new (class Result extends Array {})()],
  ['another typed array', () => new Float64Array(1)],
  ['a sparse array', () => new Array(3)],
  [
    'a row that holds itself',
    () => {
      const row: Record<string, unknown> = {};
      row['a'] = row;
      row['b'] = row;
      return row;
    },
  ],
  [
    'an array that holds itself twice',
    () => {
      const list: unknown[] = [];
      list.push(list, list);
      return list;
    },
  ],
];
