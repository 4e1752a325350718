import { comparableBoolean, comparableInteger, comparableText, comparableUuid } from '@cachetastic/core';
import { assert, constantFrom, integer, property, stringMatching, uuid } from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('strings', () => {
  it.each([
    ['case', 'Ada@Example.org', 'aDA@exAMPLE.ORG'],
    ['trailing blanks', 'ada', 'ada   '],
    ['punctuation', 'co-op', 'coop'],
    ['numeric order', 'file 007', 'file 7'],
    ['punctuation next to zeros', '1-01', '101'],
    ['numeric order next to punctuation', '1-01', '1-1'],
    ['Classical Latin', 'IVLIVS', 'julius'],
    ['Swedish', 'wessel', 'vessel'],
    ['Lithuanian', 'byla', 'bila'],
    ['Hungarian', 'loccsan', 'locscsan'],
    ['Hungarian, three letters', 'eddzsa', 'edzsdzsa'],
    ['Hungarian with y', 'meggy', 'megygy'],
    ['Hungarian next to blanks', 'l lly', 'l lyly'],
  ])('have the same form if a collation blind to %s considers them equal', (_, one, other) => {
    expect(comparableText(one)).toBeDefined();
    expect(comparableText(one)).toBe(comparableText(other));
  });

  it.each([
    'ß',
    'Å',
    'é',
    'e\u0301',
    'ａ',
    'a\u00adb',
    'a\u0000b',
    'a\tb',
    '\u200b',
    '',
    '   ',
    '...',
    '0',
    '000',
    1,
    null,
    undefined,
    {},
  ])('are unknown if their equality depends on the collation: %j', (value) => {
    expect(comparableText(value)).toBeUndefined();
  });

  it('have different forms for different addresses', () => {
    expect(comparableText('ada@example.org')).not.toBe(comparableText('bob@example.org'));
  });

  it('have the same form if they differ only in case, blanks and punctuation', () => {
    const letters = stringMatching(/^[ -~]{1,40}$/);
    assert(
      property(letters, constantFrom(' ', '-', '.', "'"), integer({ min: 0, max: 40 }), (text, mark, at) => {
        const other = `${text.slice(0, at).toUpperCase()}${mark}${text.slice(at).toLowerCase()}  `;
        expect(comparableText(other)).toBe(comparableText(text));
      }),
    );
  });

  it('have the same form if they contain equal numbers', () => {
    assert(
      property(
        stringMatching(/^[a-z]{1,5}$/),
        integer({ min: 0, max: 1e6 }),
        integer({ min: 0, max: 5 }),
        (name, number, zeros) => {
          expect(comparableText(`${name}${'0'.repeat(zeros)}${number}`)).toBe(comparableText(`${name}${number}`));
        },
      ),
    );
  });

  it('stay short: a long string is unknown', () => {
    expect(comparableText('a'.repeat(256))).toBeDefined();
    expect(comparableText('a'.repeat(257))).toBeUndefined();
  });
});

describe('whole numbers', () => {
  it('have one form, whatever their type', () => {
    expect(new Set([1, 1n, '1', '01', '+1'].map(comparableInteger))).toEqual(new Set(['i:1']));
    expect(comparableInteger(-0)).toBe(comparableInteger(0n));
    expect(comparableInteger('-0')).toBe(comparableInteger(0));
    expect(comparableInteger(9007199254740993n)).toBe(comparableInteger('9007199254740993'));
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1.0', '1e3', ' 1', '', true, null, undefined, {}])(
    'are unknown if they may be rounded or are not whole: %j',
    (value) => {
      expect(comparableInteger(value)).toBeUndefined();
    },
  );

  it('have the same form as booleans, which some databases store as numbers', () => {
    expect(comparableBoolean(true)).toBe(comparableInteger(1));
    expect(comparableBoolean(false)).toBe(comparableInteger(0));
    expect(comparableBoolean(1)).toBeUndefined();
  });
});

describe('UUIDs', () => {
  it('have one form for every spelling', () => {
    assert(
      property(uuid(), (id) => {
        const spellings = [id, id.toUpperCase(), `{${id}}`, id.replaceAll('-', '')];
        expect(new Set(spellings.map(comparableUuid)).size).toBe(1);
        expect(comparableUuid(id)).toBeDefined();
      }),
    );
  });

  it('are unknown if they are malformed', () => {
    expect(comparableUuid('not-a-uuid')).toBeUndefined();
    expect(comparableUuid(7)).toBeUndefined();
  });
});
