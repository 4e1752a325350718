import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copierFor } from '../../../packages/core/src/entry/copier.js';
import { CodecError } from '../../../packages/core/src/errors.js';
import { answers, exactly, moneyType, objectsIn, uncacheable } from './answers.js';

describe('private copies', () => {
  it('equal the original in values, classes and order, and share nothing mutable with it', () => {
    fc.assert(
      fc.property(answers, (value) => {
        const copy = copierFor(value, [moneyType]);

        const first = copy();
        const second = copy();

        expect(exactly(first)).toBe(exactly(value));
        const others = new Set([...objectsIn(value), ...objectsIn(second)]);
        for (const object of objectsIn(first)) expect(others.has(object)).toBe(false);
      }),
    );
  });

  it('do not change when another caller changes its copy', () => {
    const make = () => [
      { id: 1, at: new Date(5), raw: new Uint8Array([1, 2]), json: { tags: ['a'] }, posts: [{ id: 7 }] },
      { id: 2, at: null, raw: null, json: [1], posts: [] },
    ];
    const value = make();
    const copy = copierFor(value, []);

    const first = copy();
    first[0]?.at?.setTime(9);
    first[0]?.raw?.fill(9);
    Object.assign(first[0]?.json ?? {}, { tags: ['b'] });
    first[0]?.posts.pop();
    first.pop();

    expect(value).toStrictEqual(make());
    expect(copy()).toStrictEqual(make());
  });

  it('keep own __proto__ properties as properties', () => {
    const value = JSON.parse('[{"__proto__": {"admin": true}}, {"__proto__": {"admin": false}}]') as object[];

    const [first] = copierFor(value, [])();

    expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
    expect(Object.keys(first ?? {})).toEqual(['__proto__']);
    expect(JSON.stringify(copierFor(value, [])())).toBe(JSON.stringify(value));
  });

  it('never read an inherited property as a column', () => {
    const value = [JSON.parse('{"__proto__": {}, "a": 1}'), { a: 1 }, Object.assign(Object.create(null), { a: 2 })];

    const copy = copierFor(value, [])();

    expect(copy.map((row: object) => Object.keys(row))).toEqual([['__proto__', 'a'], ['a'], ['a']]);
    for (const row of copy) expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(Object.prototype)).toBe(null);
  });

  it('accept plain objects of another realm', () => {
    const value: unknown = runInContext('({ a: 1 })', createContext());

    expect(copierFor(value, [])()).toEqual({ a: 1 });
  });

  it.each(uncacheable)('are refused when planned for %s', (_, make) => {
    expect(() => copierFor(make(), [moneyType])).toThrow(CodecError);
  });
});
