import { expect, it } from 'vitest';
import type { Change } from '../../../packages/core/src/match/change.js';
import { recall } from '../../../packages/core/src/tail/recall.js';
import { RecordIndex } from '../../../packages/core/src/tail/record-index.js';
import { settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

const change: Change = { kind: 'tag', tag: 'any' };

function logOf(count: number): ScriptedLog {
  const log = new ScriptedLog();
  for (let i = 0; i < count; i++) log.appendElsewhere([change]);
  return log;
}

it('reads back a long log in steps, to its beginning', async () => {
  const log = logOf(2_500);
  const index = new RecordIndex(2_500, 10_000);
  await recall(log, 'e1', index, () => true);

  expect(index.base).toBe(0);
  expect(index.size).toBe(2_500);
  expect(log.syncs).toBe(3);
});

it('reads back no more than what many processes may at once', async () => {
  const log = logOf(12_500);
  const index = new RecordIndex(12_500, 100_000);
  await recall(log, 'e1', index, () => true);

  expect(index.size).toBe(10_000);
});

it('reads back no more than may be kept', async () => {
  const log = logOf(5_000);
  const index = new RecordIndex(5_000, 2_000);
  await recall(log, 'e1', index, () => true);

  expect(index.size).toBe(2_000);
});

it('leaves no hole when the index has dropped its oldest records meanwhile', async () => {
  const log = logOf(5);
  const index = new RecordIndex(5, 2);
  const answer = log.hold('sync');
  const recalling = recall(log, 'e1', index, () => true);
  for (let seq = 6; seq <= 9; seq++) index.append({ seq, changes: [change] });
  answer();
  await recalling;

  expect(index.base).toBe(7);
  expect(index.size).toBe(2);
});

it('takes nothing any more that is not wanted any more', async () => {
  const log = logOf(5);
  const index = new RecordIndex(5, 10);
  let wanted = true;
  const answer = log.hold('sync');
  const recalling = recall(log, 'e1', index, () => wanted);
  wanted = false;
  answer();
  await recalling;
  await settle();

  expect(index.base).toBe(5);
});

it('takes nothing of a log that has begun another life', async () => {
  const log = logOf(5);
  const index = new RecordIndex(5, 10);
  log.epoch = 'e2';
  await recall(log, 'e1', index, () => true);

  expect(index.base).toBe(5);
});

it('ends without a word when the log is away', async () => {
  const log = logOf(5);
  const index = new RecordIndex(5, 10);
  log.down = new Error('gone');
  await recall(log, 'e1', index, () => true);

  expect(index.base).toBe(5);
});
