import type { Change } from '@cachetastic/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../packages/core/src/invalidation/change.js';
import { decodeChanges, encodeRecord } from '../../../packages/core/src/invalidation/record-codec.js';

const update = (model: string, id: string): Change => ({
  kind: 'model',
  model,
  op: 'update',
  before: { id },
  after: { id },
});
const any = (model: string): Change => ({ kind: 'model', model, op: 'any' });

describe('a record in Redis', () => {
  it('says what was changed', () => {
    const changes: Change[] = [update('User', '1'), { kind: 'tag', tag: 'team' }, any('Post'), EVERYTHING];

    const { text, widened } = encodeRecord(changes);

    expect(widened).toBe(false);
    expect(decodeChanges(text)).toEqual(changes);
  });

  it('of very many changes names their models', () => {
    const changes = [
      ...Array.from({ length: 100 }, (_, index) => update(index % 2 === 0 ? 'User' : 'Post', String(index))),
      { kind: 'tag', tag: 'team' } as const,
    ];

    const { text, widened } = encodeRecord(changes);

    expect(widened).toBe(true);
    expect(decodeChanges(text)).toEqual([any('User'), any('Post'), { kind: 'tag', tag: 'team' }]);
  });

  it('of very large facts names their models', () => {
    expect(decodeChanges(encodeRecord([update('User', 'x'.repeat(5_000))]).text)).toEqual([any('User')]);
  });

  it('of too many models affects everything', () => {
    const changes = Array.from({ length: 101 }, (_, index) => any(`Model${index}`));

    expect(decodeChanges(encodeRecord(changes).text)).toEqual([EVERYTHING]);
  });

  it('never takes more than 4 KB', () => {
    const change = fc.record({ kind: fc.constant('tag' as const), tag: fc.string({ maxLength: 500, unit: 'binary' }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 150 }), (changes) => {
        expect(Buffer.byteLength(encodeRecord(changes).text)).toBeLessThanOrEqual(4_096);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['no JSON', 'rubbish'],
    ['nothing', ''],
    ['no list', '{"kind":"tag","tag":"x"}'],
    ['a kind of change that we do not know', '[{"kind":"tag","tag":"x"},{"kind":"pattern","pattern":"*"}]'],
    ['a tag without a name', '[{"kind":"tag"}]'],
    ['an operation that we do not know', '[{"kind":"model","model":"User","op":"truncate"}]'],
    ['facts that are no texts', '[{"kind":"model","model":"User","op":"update","before":{"id":1}}]'],
    ['facts that are a list', '[{"kind":"model","model":"User","op":"update","after":["x"]}]'],
    ['null', '[null]'],
  ])('affects everything if it is %s', (_, text) => {
    expect(decodeChanges(text)).toEqual([EVERYTHING]);
  });
});
