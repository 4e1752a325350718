import { ManualClock } from '@cachetastic/core/testing';
import { describe, expect, it } from 'vitest';
import { LogView } from '../../../packages/core/src/tail/log-view.js';
import { WidenedModels } from '../../../packages/core/src/tail/widened-models.js';

const narrow = {
  dependencies: [{ model: 'User', where: { id: 'n:1' }, keys: [{ id: 'n:1' }] }, { model: 'Post' }],
  tags: ['team'],
};
const elsewhere = { kind: 'model', model: 'User', op: 'update', before: { id: 'n:2' }, after: { id: 'n:2' } } as const;

describe('a footprint', () => {
  it('is unchanged while its models are not widened', () => {
    const widened = new WidenedModels();
    expect(widened.over(narrow)).toBe(narrow);
    widened.add({ dependencies: [{ model: 'Comment' }], tags: [] });

    expect(widened.over(narrow)).toBe(narrow);
  });

  it('loses the conditions on rows of a widened model, and keeps the rest', () => {
    const widened = new WidenedModels();
    widened.add({ dependencies: [{ model: 'User' }], tags: [] });

    expect(widened.over(narrow)).toEqual({ dependencies: [{ model: 'User' }, { model: 'Post' }], tags: ['team'] });
  });

  it('is widened once for each model', () => {
    const widened = new WidenedModels();

    expect(widened.add({ dependencies: [{ model: 'User' }, { model: 'User' }], tags: [] })).toEqual(['User']);
    expect(widened.add(narrow)).toEqual(['Post']);
  });
});

describe('a widened view of the log', () => {
  const view = new LogView({ clock: new ManualClock(), retention: 10, fence: 0 });
  const stamp = { epoch: 'e1', seq: 0 };
  view.take({ epoch: 'e1', head: 0, kind: 'reset', records: [], time: 0, began: 0 }, view.asked);
  const announced = view.apply(stamp, { seq: 1, changes: [elsewhere], intent: true });
  const expired = view.apply(announced, { seq: 2, changes: [elsewhere], expires: 1 });
  const judge = () => [
    view.isUnaffected(stamp, narrow),
    view.isUnaffected(expired, narrow),
    view.hasOpenWrite(narrow),
    view.mayStillCommit(narrow),
  ];

  it('judges records and announcements in the same way', () => {
    expect(judge()).toEqual([true, true, false, false]);
    view.widened.add(narrow);

    expect(judge()).toEqual([false, true, true, true]);
  });
});
