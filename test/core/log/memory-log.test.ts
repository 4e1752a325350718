import { systemClock } from '@cachetastic/core';
import { logContract, ManualClock } from '@cachetastic/core/testing';
import { describe, expect, it } from 'vitest';
import { MemoryLog } from '../../../packages/core/src/log/memory-log.js';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';

logContract({ describe, it }, 'memory', async () => ({ open: () => new MemoryLog({ clock: systemClock }) }));

describe('the log of one process', () => {
  it('uses the time of the clock', async () => {
    const clock = new ManualClock(500);
    const log = new MemoryLog({ clock });

    clock.advance(250);

    expect(await log.sync(undefined)).toMatchObject({ time: 750 });
  });

  it('calls its listener before append resolves', async () => {
    const log = new MemoryLog({ clock: new ManualClock(), epoch: 'e' });
    const heard: string[] = [];
    log.subscribe({ onRecord: (epoch, { seq }) => heard.push(`${epoch} ${seq}`), onGap: () => {} });

    await log.append([EVERYTHING]);

    expect(heard).toEqual(['e 1']);
  });

  it('resets a reader that is further behind than the log remembers', async () => {
    const log = new MemoryLog({ clock: new ManualClock(), length: 10, epoch: 'e' });
    for (let count = 0; count < 20; count++) await log.append([EVERYTHING]);

    expect(await log.sync({ epoch: 'e', seq: 9 })).toMatchObject({ kind: 'reset', head: 20 });
    const reply = await log.sync({ epoch: 'e', seq: 10 });
    expect(reply.kind).toBe('continuation');
    expect(reply.records.map(({ seq }) => seq)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it('has an epoch of its own', async () => {
    const clock = new ManualClock();
    const epochs = await Promise.all([1, 2, 3].map(async () => (await new MemoryLog({ clock }).sync(undefined)).epoch));

    expect(new Set(epochs).size).toBe(3);
  });
});
