import type { Change } from '@cachetastic/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChanges, decodeRecord, encodeRecord } from '../../../packages/core/src/log/record-codec.js';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';

const update = (model: string, id: string): Change => ({
  kind: 'model',
  model,
  op: 'update',
  before: { id },
  after: { id },
});
const any = (model: string): Change => ({ kind: 'model', model, op: 'any' });

describe('a record in Redis', () => {
  it('names the changes', () => {
    const changes: Change[] = [update('User', '1'), { kind: 'tag', tag: 'team' }, any('Post'), EVERYTHING];

    const { text, widened } = encodeRecord(changes);

    expect(widened).toBe(false);
    expect(decodeChanges(text)).toEqual(changes);
  });

  it('names only models if it has very many changes', () => {
    const changes = [
      ...Array.from({ length: 1_000 }, (_, index) => update(index % 2 === 0 ? 'User' : 'Post', String(index))),
      { kind: 'tag', tag: 'team' } as const,
    ];

    const { text, widened } = encodeRecord(changes);

    expect(widened).toBe(true);
    expect(decodeChanges(text)).toEqual([any('User'), any('Post'), { kind: 'tag', tag: 'team' }]);
  });

  it('names only models if its facts are very large', () => {
    expect(decodeChanges(encodeRecord([update('User', 'x'.repeat(20_000))]).text)).toEqual([any('User')]);
  });

  it('affects everything if it has too many models', () => {
    const changes = Array.from({ length: 1_001 }, (_, index) => any(`Model${index}`));

    expect(decodeChanges(encodeRecord(changes).text)).toEqual([EVERYTHING]);
  });

  it.each([10, 70, 200, 900])(
    'names each table with the known columns of its rows, for a delete that cascades to %i tables',
    (tables) => {
      const before = { parent_id: 'i:1' };
      const changes: Change[] = [
        { kind: 'model', model: 'parent', op: 'delete', before: { id: 'i:1' } },
        ...Array.from(
          { length: tables },
          (_, index): Change => ({ kind: 'model', model: `child_with_a_long_name_${index}`, op: 'delete', before }),
        ),
      ];

      const { text, widened } = encodeRecord(changes);

      expect(widened).toBe(false);
      expect(decodeChanges(text)).toEqual(changes);
    },
  );

  it('affects everything for versions that do not know its groups, also when it ends an intent', () => {
    const text = encodeRecord(Array.from({ length: 101 }, (_, index) => any(`Model${index}`))).text;
    const written = JSON.parse(text) as Record<string, unknown>;

    // That version reads a list of changes, or an object whose property `changes` is such a list.
    expect(Array.isArray(written)).toBe(false);
    expect(written['changes']).toBeUndefined();
    expect(decodeRecord(`{"closes":[7],"changes":${text}}`)).toEqual({ changes: decodeChanges(text), closes: [7] });
  });

  it('never takes more than 32 KB', () => {
    const change = fc.record({ kind: fc.constant('tag' as const), tag: fc.string({ maxLength: 100, unit: 'binary' }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 1_200 }), (changes) => {
        expect(Buffer.byteLength(encodeRecord(changes).text)).toBeLessThanOrEqual(32_768);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['invalid JSON', 'rubbish'],
    ['nothing', ''],
    ['an object instead of a list', '{"kind":"tag","tag":"x"}'],
    ['an unknown kind of change', '[{"kind":"tag","tag":"x"},{"kind":"pattern","pattern":"*"}]'],
    ['a tag without a name', '[{"kind":"tag"}]'],
    ['an unknown operation', '[{"kind":"model","model":"User","op":"truncate"}]'],
    ['facts that are not strings', '[{"kind":"model","model":"User","op":"update","before":{"id":1}}]'],
    ['facts that are a list', '[{"kind":"model","model":"User","op":"update","after":["x"]}]'],
    ['null', '[null]'],
    ['a group with an unknown operation', '{"groups":[["truncate",null,null,["User"]]],"others":[]}'],
    ['a group whose models are not strings', '{"groups":[["any",null,null,[1]]],"others":[]}'],
    ['a group with an extra value', '{"groups":[["any",null,null,["User"],1]],"others":[]}'],
    ['groups with an extra property', '{"groups":[],"others":[],"more":[]}'],
    ['groups without others', '{"groups":[]}'],
  ])('affects everything if it contains %s', (_, text) => {
    expect(decodeChanges(text)).toEqual([EVERYTHING]);
  });
});
