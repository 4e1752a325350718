import { ManualClock } from '@cachetastic/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WaitingRoom } from '../../../packages/core/src/tail/waiting-room.js';

let clock: ManualClock;
let told: string[];
let deliverable: boolean;
let room: WaitingRoom;

beforeEach(() => {
  [clock, told, deliverable] = [new ManualClock(), [], false];
  room = new WaitingRoom({
    ...{ clock, limit: 1_000 },
    onDelayed: () => void told.push('delayed'),
    deliver: async () => {
      told.push('deliver');
      if (deliverable) room.leave();
    },
    giveUp: async () => void told.push('gave up'),
  });
});
afterEach(() => room.leave());

/** As Node does when the process has nothing left to do. */
const listenersBefore = process.listeners('beforeExit');
function endProcess(): void {
  for (const listener of process.listeners('beforeExit')) if (!listenersBefore.includes(listener)) listener(0);
}

async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    clock.advance('100ms');
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

it('changes that wait for too long are reported once', async () => {
  room.enter();
  await pass(900);
  room.enter();
  expect(told).toEqual([]);

  await pass(3_000);

  expect(told).toEqual(['delayed']);
});

it('changes that are delivered in time are not reported', async () => {
  room.enter();
  await pass(900);
  room.leave();
  await pass(3_000);

  expect(told).toEqual([]);
});

it('when the process would end, waiting changes are delivered, and then it may end', async () => {
  room.enter();
  endProcess();
  await pass(400);
  expect(new Set(told)).toEqual(new Set(['deliver']));
  deliverable = true;
  await pass(200);
  const tried = told.length;

  endProcess();
  await pass(6_000);

  expect(told).toHaveLength(tried);
  expect(told).not.toContain('gave up');
});

it('after five seconds the delivery is given up, and the process may end', async () => {
  room.enter();
  endProcess();
  await pass(4_000);
  expect(told).not.toContain('gave up');
  await pass(2_000);
  expect(told.filter((what) => what === 'gave up')).toHaveLength(1);
  const tried = told.length;

  endProcess();
  await pass(6_000);

  expect(told).toHaveLength(tried);
});

it('no listener is left on the process when no change waits', () => {
  const before = process.listenerCount('beforeExit');
  room.enter();
  expect(process.listenerCount('beforeExit')).toBe(before + 1);

  room.leave();

  expect(process.listenerCount('beforeExit')).toBe(before);
});
