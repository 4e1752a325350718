import { describe, expect, it } from 'vitest';
import type { ModelChange } from '../../../packages/core/src/match/change.js';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';
import type { Dependency } from '../../../packages/core/src/match/footprint.js';
import { mayAffect } from '../../../packages/core/src/match/may-affect.js';

const footprint = (dependency: Dependency) => ({ dependencies: [dependency], tags: ['team'] });
const change = (rest: Omit<ModelChange, 'kind' | 'model'>): ModelChange => ({ kind: 'model', model: 'User', ...rest });

const byId = footprint({ model: 'User', where: { id: '1' }, keys: [{ id: '1' }] });
const byEmail = footprint({ model: 'User', where: { email: 'a' }, keys: [{ id: '1' }] });
const nobody = footprint({ model: 'User', where: { email: 'a' }, keys: [] });
const anyUser = footprint({ model: 'User' });

describe('a whole-model dependency', () => {
  it.each(['create', 'update', 'delete', 'any'] as const)('is affected by every %s of the model', (op) => {
    expect(mayAffect(anyUser, change({ op, before: { id: '9' }, after: { id: '9' } }))).toBe(true);
  });

  it('is affected by a change whose model name has another case', () => {
    expect(mayAffect(anyUser, { kind: 'model', model: 'USER', op: 'any' })).toBe(true);
  });

  it('is not affected by a change of another model', () => {
    expect(mayAffect(anyUser, { kind: 'model', model: 'Post', op: 'any' })).toBe(false);
  });
});

describe('a query for one row', () => {
  it.each<[string, Omit<ModelChange, 'kind' | 'model'>, boolean]>([
    ['an update of that row', { op: 'update', before: { id: '1' }, after: { id: '1' } }, true],
    ['an update of another row', { op: 'update', before: { id: '2' }, after: { id: '2' } }, false],
    ['another row that becomes that one', { op: 'update', before: { id: '2' }, after: { id: '1' } }, true],
    ['an update of an unknown row', { op: 'update' }, true],
    ['an update whose row is known only afterwards', { op: 'update', after: { id: '2' } }, true],
    ['a deletion of another row', { op: 'delete', before: { id: '2' } }, false],
    ['a creation of another row', { op: 'create', after: { id: '2' } }, false],
    ['a creation of that row', { op: 'create', after: { id: '1' } }, true],
    ['an upsert of another row', { op: 'any', before: { id: '2' }, after: { id: '2' } }, false],
  ])('%s', (_name, rest, affected) => {
    expect(mayAffect(byId, change(rest))).toBe(affected);
  });
});

describe('a query by a unique column', () => {
  it('is not affected by a row that certainly neither was nor is in its result', () => {
    expect(mayAffect(byEmail, change({ op: 'update', before: { id: '2' }, after: { id: '2', email: 'b' } }))).toBe(
      false,
    );
  });

  it('is affected if another row may have the value now', () => {
    expect(mayAffect(byEmail, change({ op: 'update', before: { id: '2' }, after: { id: '2' } }))).toBe(true);
    expect(mayAffect(byEmail, change({ op: 'update', before: { id: '2' }, after: { id: '2', email: 'a' } }))).toBe(
      true,
    );
  });

  it('is affected, if it found nothing, by a row that may have appeared, and not by deletes of others', () => {
    expect(mayAffect(nobody, change({ op: 'create', after: { id: '5', email: 'a' } }))).toBe(true);
    expect(mayAffect(nobody, change({ op: 'delete', before: { id: '5' } }))).toBe(false);
  });
});

it('a tag affects the entries that carry it, and everything affects everything', () => {
  expect(mayAffect(byId, { kind: 'tag', tag: 'team' })).toBe(true);
  expect(mayAffect(byId, { kind: 'tag', tag: 'User' })).toBe(false);
  expect(mayAffect(byId, EVERYTHING)).toBe(true);
});

it('column names such as constructor are compared like any other name', () => {
  const hostile = footprint({ model: 'User', where: { constructor: '1', toString: '2' } });

  expect(mayAffect(hostile, change({ op: 'update', before: { id: '2' }, after: { id: '2' } }))).toBe(true);
});
