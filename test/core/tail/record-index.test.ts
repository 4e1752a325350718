import { expect, it } from 'vitest';
import { type Change, EVERYTHING } from '../../../packages/core/src/match/change.js';
import { RecordIndex } from '../../../packages/core/src/tail/record-index.js';

const users = { dependencies: [{ model: 'User' }], tags: ['team'] };
const userChange: Change = { kind: 'model', model: 'User', op: 'update' };
const other: Change = { kind: 'tag', tag: 'other' };

/** An index after `base` with these changes, one record each. */
function indexOf(base: number, retention: number, changes: readonly Change[]): RecordIndex {
  const index = new RecordIndex(base, retention);
  for (const [at, change] of changes.entries()) index.append({ seq: base + at + 1, changes: [change] });
  return index;
}

it('every change of a record is found, whatever its kind', () => {
  for (const change of [userChange, { kind: 'tag', tag: 'team' }, EVERYTHING] as const) {
    const index = new RecordIndex(0, 10);
    index.append({ seq: 1, changes: [other, change, other] });

    expect(index.affectedSince(users, 0)).toBe(true);
    expect(index.affectedSince(users, 1)).toBe(false);
  }
});

it('the index knows exactly from which position on it is complete after the oldest records were dropped', () => {
  const index = indexOf(
    10,
    4,
    Array.from({ length: 8 }, () => other),
  );

  expect(index.size).toBe(4);
  expect(index.base).toBe(14);
});

it('the index still judges by the records that it kept after the oldest were dropped', () => {
  const dropping = [other, other, other, other, userChange, EVERYTHING, other, other];
  const index = indexOf(0, 4, dropping);

  expect(index.base).toBe(4);
  expect(index.affectedSince(users, 4)).toBe(true);
  expect(index.affectedSince(users, 5)).toBe(true);
  expect(index.affectedSince(users, 6)).toBe(false);
});

it('the oldest records are dropped earlier if all records together are too large', () => {
  const text = 'x'.repeat(1_000);
  const index = new RecordIndex(0, 1_000, 100_000);
  for (let seq = 1; seq <= 1_000; seq++) index.append({ seq, changes: [{ kind: 'tag', tag: `${text}${seq}` }] });

  expect(index.size).toBeLessThanOrEqual(100);
  expect(index.base).toBe(1_000 - index.size);
  expect(index.affectedSince({ dependencies: [], tags: [`${text}1000`] }, index.base)).toBe(true);
});

it('the index judges the same way wherever the records are stored', () => {
  const index = indexOf(
    0,
    100,
    Array.from({ length: 95 }, (_, at) => (at === 40 ? userChange : other)),
  );

  expect(index.base).toBe(0);
  for (let seq = 0; seq <= 95; seq++) expect(index.affectedSince(users, seq)).toBe(seq < 41);
  expect(index.since(38, 100).map(({ seq }) => seq)).toEqual(Array.from({ length: 57 }, (_, at) => at + 39));
  expect(index.since(0, 3).map(({ seq }) => seq)).toEqual([93, 94, 95]);
});

it('the index judges by older records once they are prepended', () => {
  const index = indexOf(2, 10, [other]);
  index.prepend([
    { seq: 1, changes: [EVERYTHING] },
    { seq: 2, changes: [userChange] },
  ]);

  expect(index.base).toBe(0);
  expect(index.affectedSince(users, 0)).toBe(true);
  expect(index.affectedSince(users, 1)).toBe(true);
  expect(index.affectedSince(users, 2)).toBe(false);
});
