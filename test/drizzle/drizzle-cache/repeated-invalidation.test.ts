import type { Change } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { expect, it } from 'vitest';
import { RepeatedInvalidation } from '../../../packages/drizzle/src/drizzle-cache/repeated-invalidation.js';

const change = (model: string): Change => ({ kind: 'model', model, op: 'any' });

function setup(after = 1_000) {
  const clock = new ManualClock();
  const told: string[][] = [];
  const append = async (changes: readonly Change[]) => {
    told.push(changes.map((one) => (one.kind === 'model' ? one.model : one.kind)));
  };
  return { clock, told, repeated: new RepeatedInvalidation(append, clock, after) };
}

it('a change is repeated after one to two intervals, once', () => {
  const { clock, told, repeated } = setup();
  repeated.add([change('early')]);
  clock.advance(900);
  repeated.add([change('late')]);

  clock.advance(900);
  expect(told).toEqual([]);
  clock.advance(200);
  expect(told).toEqual([['early', 'late']]);
  expect(clock.pending).toBe(0);
});

it('a change that was added many times is repeated once per interval', () => {
  const { clock, told, repeated } = setup();
  for (let i = 0; i < 100; i++) {
    repeated.add([change('users'), change('posts')]);
    clock.advance(30);
  }

  clock.advance('5s');

  expect(told).toEqual([
    ['users', 'posts'],
    ['users', 'posts'],
    ['users', 'posts'],
  ]);
});

it('a flush repeats the waiting changes at once', async () => {
  const { clock, told, repeated } = setup();
  repeated.add([change('users')]);
  clock.advance(1_500);
  repeated.add([change('posts')]);

  await repeated.flush();
  await repeated.flush();

  expect(told).toEqual([['users', 'posts']]);
  expect(clock.pending).toBe(0);
});

it('no change is repeated if the interval is 0', () => {
  const { clock, told, repeated } = setup(0);
  repeated.add([change('users')]);
  clock.advance('5s');

  expect([told, clock.pending]).toEqual([[], 0]);
});
