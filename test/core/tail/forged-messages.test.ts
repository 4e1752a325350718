import { describe, expect, it } from 'vitest';
import type { Change } from '../../../packages/core/src/match/change.js';
import { LogTail } from '../../../packages/core/src/tail/log-tail.js';
import { CacheEvents } from '../../../packages/core/src/telemetry/events.js';
import { ManualClock } from '../../../packages/core/src/testing/manual-clock.js';
import { settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

const users = { dependencies: [{ model: 'User' }], tags: [] };
const userChange: Change = { kind: 'model', model: 'User', op: 'update' };
const postChange: Change = { kind: 'model', model: 'Post', op: 'update' };

async function setup() {
  const log = new ScriptedLog();
  const clock = new ManualClock();
  log.clock = clock;
  const resets: string[] = [];
  const events = new CacheEvents();
  events.on((event) => event.type === 'log-reset' && resets.push(event.because));
  const tail = new LogTail({ log, clock, events, maxStaleness: 900 });
  await settle();
  const stamp = () => {
    const { position } = tail;
    if (position === undefined) throw new Error('the tail has no position');
    return position;
  };
  return { log, clock, tail, stamp, resets };
}

describe.each<[string, readonly Change[]]>([
  ['no change', []],
  ['another change', [postChange]],
])('a forged message that claims the next position with %s', (_, forged) => {
  it('hides the true record only until the next sync, from older entries and from one that was loaded meanwhile', async () => {
    const { log, tail, stamp, resets } = await setup();
    const before = stamp();
    log.deliver({ seq: 1, changes: forged });
    const between = stamp();
    log.pushes = false;
    log.appendElsewhere([userChange]);
    expect(tail.isUnaffected(before, users)).toBe(true);

    await tail.sync();

    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isUnaffected(between, users)).toBe(false);
    expect(tail.isConfirmed()).toBe(true);
    expect(resets).toEqual(['start', 'contradicted']);
    const after = stamp();
    expect(tail.isUnaffected(after, users)).toBe(true);
    log.appendElsewhere([userChange]);
    await tail.sync();
    expect(tail.isUnaffected(after, users)).toBe(false);
  });

  it('is contradicted at once by the true message', async () => {
    const { log, tail, stamp } = await setup();
    log.deliver({ seq: 1, changes: forged });
    const between = stamp();
    log.appendElsewhere([userChange]);
    await settle();

    expect(tail.isUnaffected(between, users)).toBe(false);
  });

  it('does not hide a write of this process from its own reads', async () => {
    const { log, tail, stamp } = await setup();
    const before = stamp();
    log.deliver({ seq: 1, changes: forged });
    const between = stamp();
    log.pushes = false;
    const answer = log.hold('append');
    const appended = tail.append([userChange]);
    answer();
    await appended;

    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isUnaffected(between, users)).toBe(false);
  });

  it('does not hide a write of this process if it comes before the acknowledgement of the write', async () => {
    const { log, tail, stamp } = await setup();
    log.pushes = false;
    const answer = log.hold('append');
    const appended = tail.append([userChange]);
    await settle();
    log.deliver({ seq: 1, changes: forged });
    const between = stamp();
    answer();
    await appended;

    expect(tail.isUnaffected(between, users)).toBe(false);
  });

  it('does not hide a write of this process while the tail starts over because of another wrong message', async () => {
    const { log, tail, stamp } = await setup();
    log.deliver({ seq: 1, changes: forged });
    const answer = log.hold('sync');
    // The true message: it contradicts the forged one.
    log.appendElsewhere([userChange]);
    await settle();
    for (const record of log.records) log.deliver(record);
    log.deliver({ seq: 2, changes: forged });
    const between = stamp();
    expect(between.seq).toBe(2);
    answer();
    await settle();
    expect(tail.isConfirmed()).toBe(true);

    log.appendElsewhere([userChange]);
    await settle();

    expect(tail.isUnaffected(between, users)).toBe(false);
  });

  it('does not hide a write of this process if it comes after another wrong message, before the tail has started over', async () => {
    const { log, tail, stamp } = await setup();
    log.pushes = false;
    log.down = new Error('gone');
    log.deliver({ seq: 1, changes: [postChange] });
    log.deliver({ seq: 1, changes: [{ kind: 'tag', tag: 'other' }] });
    log.deliver({ seq: 1, changes: forged });
    const between = stamp();
    expect(between.seq).toBe(1);
    log.appendElsewhere([userChange]);
    await settle();
    log.down = undefined;

    await tail.sync();

    expect(tail.isConfirmed()).toBe(true);
    expect(tail.isUnaffected(between, users)).toBe(false);
    expect(tail.view.provenStamp(between, users)).toBeUndefined();
  });

  it('gives no entry, together with the message after it, a stamp that other processes would trust', async () => {
    const { log, tail, stamp } = await setup();
    log.deliver({ seq: 1, changes: [userChange] });
    const between = stamp();

    expect(tail.view.provenStamp(between, users)).toBeUndefined();
    expect(tail.view.provenStamp(between, { dependencies: [{ model: 'Other' }], tags: [] })).toEqual({
      epoch: 'e1',
      seq: 0,
    });
    log.pushes = false;
    log.appendElsewhere(forged);
    await tail.sync();
    expect(tail.view.provenStamp(between, users)).toBeUndefined();
  });
});

describe('a message that claims a position beyond the end of the log', () => {
  it('is contradicted by the next sync', async () => {
    const { log, tail, stamp, resets } = await setup();
    log.deliver({ seq: 1, changes: [] });
    const between = stamp();

    await tail.sync();

    expect(stamp().seq).toBe(0);
    expect(tail.isUnaffected(between, users)).toBe(false);
    expect(resets).toEqual(['start', 'contradicted']);
  });
});

describe('true messages', () => {
  it('are read again by the next sync, reset nothing and are then confirmed', async () => {
    const { log, tail, stamp, resets } = await setup();
    for (let n = 0; n < 50; n += 1) log.appendElsewhere(n % 2 === 0 ? [userChange] : [postChange]);
    log.deliver(log.records[10] as (typeof log.records)[number]);
    log.deliver(log.records[49] as (typeof log.records)[number]);
    const after = stamp();
    expect(tail.view.provenStamp(after, users)).toBeUndefined();

    await tail.sync();

    expect(resets).toEqual(['start']);
    expect(tail.isUnaffected(after, users)).toBe(true);
    expect(tail.view.provenStamp(after, users)).toEqual({ epoch: 'e1', seq: 50 });
  });

  it('need no sync if they are of writes of this process and follow what was read', async () => {
    const { tail, stamp, resets } = await setup();
    await tail.append([userChange]);
    await tail.append([userChange]);

    expect(tail.view.provenStamp(stamp(), users)).toEqual({ epoch: 'e1', seq: 2 });
    await tail.sync();
    expect(resets).toEqual(['start']);
  });
});
