import { type CacheEvent, CacheEvents } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { afterEach, expect, it } from 'vitest';
import { MemoryLog } from '../../../packages/core/src/log/memory-log.js';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';
import { Outbox } from '../../../packages/core/src/tail/outbox.js';
import { TailReport } from '../../../packages/core/src/tail/tail-report.js';

const before = process.listeners('beforeExit');
let outbox: Outbox;
afterEach(() => outbox.close());

it('changes that wait when a process ends are reported as lost once, however many attempts were made', async () => {
  const clock = new ManualClock();
  const events = new CacheEvents();
  const lost: CacheEvent[] = [];
  events.on((event) => event.type === 'invalidation-lost' && lost.push(event));
  const log = new MemoryLog({ clock });
  log.append = () => Promise.reject(new Error('silent'));
  outbox = new Outbox({
    ...{ log, events, clock, report: new TailReport(events), limit: 100, patience: 1_000 },
    onAcknowledged: () => undefined,
    onFailed: () => undefined,
  });
  await outbox.append([EVERYTHING], [], events);
  for (const listener of process.listeners('beforeExit')) if (!before.includes(listener)) listener(0);
  for (let passed = 0; passed < 70; passed++) {
    clock.advance('100ms');
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  expect(lost).toEqual([{ type: 'invalidation-lost', changes: 1 }]);

  await outbox.flush();
  await outbox.flush();
  expect(lost).toHaveLength(1);

  await outbox.append([EVERYTHING], [], events);
  expect(lost).toHaveLength(2);
});
