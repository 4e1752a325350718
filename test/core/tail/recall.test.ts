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

it('a long log is read back in steps, to its beginning', async () => {
  const log = logOf(2_500);
  const index = new RecordIndex(2_500, 10_000);
  await recall(log, 'e1', index, () => true);

  expect(index.base).toBe(0);
  expect(index.size).toBe(2_500);
  expect(log.syncs).toBe(3);
});

it('at most 10,000 records are read back, so that many processes may do it at once', async () => {
  const log = logOf(12_500);
  const index = new RecordIndex(12_500, 100_000);
  await recall(log, 'e1', index, () => true);

  expect(index.size).toBe(10_000);
});

it('no more records are read back than may be kept', async () => {
  const log = logOf(5_000);
  const index = new RecordIndex(5_000, 2_000);
  await recall(log, 'e1', index, () => true);

  expect(index.size).toBe(2_000);
});

it('reading back leaves no hole if the index has dropped its oldest records meanwhile', async () => {
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

it('records that are no longer wanted are not read back', async () => {
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

it('no records are read back from a log of another epoch', async () => {
  const log = logOf(5);
  const index = new RecordIndex(5, 10);
  log.epoch = 'e2';
  await recall(log, 'e1', index, () => true);

  expect(index.base).toBe(5);
});

it('reading back ends without an error if the log is down', async () => {
  const log = logOf(5);
  const index = new RecordIndex(5, 10);
  log.down = new Error('gone');
  await recall(log, 'e1', index, () => true);

  expect(index.base).toBe(5);
});
