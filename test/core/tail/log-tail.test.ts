import { describe, expect, it } from 'vitest';
import type { SyncReply } from '../../../packages/core/src/log/invalidation-log.js';
import type { LogPosition } from '../../../packages/core/src/log/log-record.js';
import type { Change } from '../../../packages/core/src/match/change.js';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';
import { LogTail } from '../../../packages/core/src/tail/log-tail.js';
import { type CacheEvent, CacheEvents } from '../../../packages/core/src/telemetry/events.js';
import { ManualClock } from '../../../packages/core/src/testing/manual-clock.js';
import { settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

const users = { dependencies: [{ model: 'User' }], tags: [] };
const posts = { dependencies: [{ model: 'Post' }], tags: ['feed'] };
const userChange: Change = { kind: 'model', model: 'User', op: 'update' };

/** Hands over two records at once. */
class PiecemealLog extends ScriptedLog {
  override async sync(known: LogPosition | undefined): Promise<SyncReply> {
    const reply = await super.sync(known);
    return { ...reply, records: reply.records.slice(0, 2) };
  }
}

async function setup(options: { maxPending?: number; retention?: number; log?: ScriptedLog } = {}) {
  const log = options.log ?? new ScriptedLog();
  const clock = new ManualClock();
  log.clock = clock;
  const events = new CacheEvents();
  const heard: CacheEvent[] = [];
  events.on((event) => heard.push(event));
  const { maxPending, retention } = options;
  const tail = new LogTail({
    log,
    clock,
    events,
    maxStaleness: 900,
    ...(maxPending === undefined ? {} : { maxPending }),
    ...(retention === undefined ? {} : { retention }),
  });
  await settle();
  const stamp = () => {
    const position = tail.position;
    if (position === undefined) throw new Error('the tail has no position');
    return position;
  };
  return { log, clock, events, heard, tail, stamp, types: () => heard.map(({ type }) => type) };
}

describe('a confirmation', () => {
  it('needs a request that was sent within the bound', async () => {
    const { tail, clock, log } = await setup();
    log.down = new Error('gone');

    expect(tail.isConfirmed()).toBe(true);
    clock.advance(900);
    expect(tail.isConfirmed()).toBe(true);
    clock.advance(1);
    expect(tail.isConfirmed()).toBe(false);
  });

  it('counts from when its request was sent, not from its response', async () => {
    const { tail, clock, log } = await setup();
    const answer = log.hold('sync');
    const syncing = tail.sync();
    clock.advance(800);
    answer();
    await syncing;
    log.down = new Error('gone');

    clock.advance(100);
    expect(tail.isConfirmed()).toBe(true);
    clock.advance(1);
    expect(tail.isConfirmed()).toBe(false);
  });

  it('does not follow from a pushed record, which may have waited in a buffer', async () => {
    const { tail, clock, log } = await setup();
    const answer = log.hold('sync');
    clock.advance(901);
    log.appendElsewhere([userChange]);

    expect(tail.position?.seq).toBe(1);
    expect(tail.isConfirmed()).toBe(false);
    answer();
  });

  it('is requested by a heartbeat, so that reads need not wait', async () => {
    const { tail, clock, log } = await setup();
    const before = log.syncs;
    for (let i = 0; i < 20; i++) {
      clock.advance(300);
      await settle();
    }

    expect(log.syncs - before).toBeGreaterThanOrEqual(19);
    expect(tail.isConfirmed()).toBe(true);
  });

  it('does not follow from a request during which a change of this process got stuck', async () => {
    const { tail, log } = await setup();
    const answer = log.hold('sync');
    const syncing = tail.sync();
    log.down = new Error('gone');
    await tail.append([userChange]);
    answer();

    expect(await syncing).toBe('unavailable');
  });

  it('is not given while the log is down, and an event reports that once', async () => {
    const { tail, clock, log, types } = await setup();
    log.down = new Error('gone');
    clock.advance(901);

    expect(await tail.confirm()).toBe(false);
    expect(await tail.confirm()).toBe(false);
    log.down = undefined;
    expect(await tail.confirm()).toBe(true);

    expect(types().filter((type) => type === 'log-unconfirmed')).toHaveLength(1);
    expect(types().filter((type) => type === 'log-confirmed')).toHaveLength(1);
  });
});

describe('judging an entry', () => {
  it('invalidates it if a record after its stamp may affect it, and only then', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.appendElsewhere([userChange]);

    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isUnaffected(before, posts)).toBe(true);
    expect(tail.isUnaffected(stamp(), users)).toBe(true);
  });

  it('invalidates it by tag, and by a record of everything', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.appendElsewhere([{ kind: 'tag', tag: 'feed' }]);
    expect(tail.isUnaffected(before, posts)).toBe(false);
    expect(tail.isUnaffected(before, users)).toBe(true);

    log.appendElsewhere([EVERYTHING]);
    expect(tail.isUnaffected(before, users)).toBe(false);
  });

  it('rejects a stamp that is older than the records that are kept of the log', async () => {
    const { tail, log, stamp } = await setup({ retention: 4 });
    const before = stamp();
    for (let i = 0; i < 20; i++) log.appendElsewhere([{ kind: 'tag', tag: 'other' }]);

    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isUnaffected({ ...stamp(), seq: 19 }, users)).toBe(true);
  });

  it('takes as many records into account as the log keeps', async () => {
    const { tail, log, stamp } = await setup({ log: Object.assign(new ScriptedLog(), { length: 25_000 }) });
    const before = stamp();
    for (let i = 0; i < 25_000; i++) log.appendElsewhere([{ kind: 'tag', tag: 'other' }]);

    expect(tail.isUnaffected(before, users)).toBe(true);
    expect(tail.isUnaffected(before, { ...users, tags: ['other'] })).toBe(false);

    for (let i = 0; i < 1_000; i++) log.appendElsewhere([{ kind: 'tag', tag: 'other' }]);
    expect(tail.isUnaffected(before, users)).toBe(false);
  });

  it('rejects a stamp of another epoch', async () => {
    const { tail, stamp } = await setup();

    expect(tail.isUnaffected({ epoch: 'e0', seq: stamp().seq }, users)).toBe(false);
  });
});

describe('records that arrive', () => {
  it('a missing record makes the tail ask for it', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.pushes = false;
    log.appendElsewhere([userChange]);
    log.pushes = true;
    const answer = log.hold('sync');
    log.appendElsewhere([{ kind: 'tag', tag: 'other' }]);

    expect(tail.position?.seq).toBe(0);
    answer();
    await settle();
    expect(tail.position?.seq).toBe(2);
    expect(tail.isUnaffected(before, users)).toBe(false);
  });

  it('missing records are requested up to the head, however many responses that takes', async () => {
    const { tail, log } = await setup({ log: new PiecemealLog() });
    log.pushes = false;
    for (let i = 0; i < 5; i++) log.appendElsewhere([userChange]);

    expect(await tail.sync()).toBe('confirmed');
    expect(tail.position?.seq).toBe(5);
  });

  it('a record of another epoch is not applied', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.deliver({ seq: 1, changes: [{ kind: 'tag', tag: 'other' }] }, 'e0');

    expect(tail.position).toEqual({ epoch: 'e1', seq: 0 });
    log.appendElsewhere([userChange]);
    expect(tail.isUnaffected(before, users)).toBe(false);
  });

  it('a record whose message overtook the response is applied once', async () => {
    const { tail, log, stamp } = await setup();
    log.pushes = false;
    log.appendElsewhere([{ kind: 'tag', tag: 'other' }]);
    const answer = log.hold('sync');
    void tail.sync();
    log.deliver({ seq: 1, changes: [{ kind: 'tag', tag: 'other' }] });
    const before = stamp();
    log.pushes = true;
    log.appendElsewhere([userChange]);
    answer();
    await settle();

    expect(tail.position?.seq).toBe(2);
    expect(tail.isUnaffected(before, users)).toBe(false);
  });

  it('a repeated message is ignored', async () => {
    const { tail, log } = await setup();
    log.appendElsewhere([userChange]);
    log.deliver({ seq: 1, changes: [userChange] });

    expect(tail.position?.seq).toBe(1);
  });

  it('a gap that shows during an older request makes the tail ask again after it', async () => {
    const { tail, log } = await setup();
    const answer = log.hold('sync');
    void tail.sync();
    log.pushes = false;
    log.appendElsewhere([userChange]);
    log.appendElsewhere([userChange]);
    log.deliver({ seq: 2, changes: [userChange] });
    answer();
    await settle();

    expect(tail.position?.seq).toBe(2);
  });

  it('records are requested after the subscription was interrupted', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.pushes = false;
    log.appendElsewhere([userChange]);
    log.interrupt();
    await settle();

    expect(tail.isUnaffected(before, users)).toBe(false);
  });
});

describe('a log that was unreachable for longer than a confirmation holds', () => {
  it('invalidates older entries, because other processes may not have delivered their changes yet', async () => {
    const { tail, log, clock, stamp, heard } = await setup();
    const before = stamp();
    log.down = new Error('gone');
    clock.advance(901);
    await tail.confirm();
    log.down = undefined;

    expect(await tail.confirm()).toBe(true);
    expect(tail.isUnaffected(before, posts)).toBe(false);
    expect(tail.isUnaffected(stamp(), posts)).toBe(true);
    expect(heard).toContainEqual({ type: 'log-reset', epoch: 'e1', because: 'outage' });
  });

  it('is marked once, by a record that affects no other process', async () => {
    const { tail, log, clock } = await setup();
    log.down = new Error('gone');
    clock.advance(901);
    for (let i = 0; i < 3; i++) await tail.confirm();
    log.down = undefined;
    for (let i = 0; i < 3; i++) await tail.confirm(true);

    expect(log.records).toEqual([{ seq: 1, changes: [] }]);
    expect(tail.resets).toBe(2);
  });

  it('stays untrusted if it was trimmed meanwhile, whatever records are read back', async () => {
    const { tail, log, clock, stamp } = await setup();
    const before = stamp();
    log.pushes = false;
    log.down = new Error('gone');
    clock.advance(901);
    await tail.confirm();
    log.down = undefined;
    const sync = log.sync.bind(log);
    let trimmed = true;
    log.sync = (known) => {
      const asked = trimmed ? undefined : known;
      trimmed = false;
      return sync(asked);
    };

    expect(await tail.confirm()).toBe(true);
    await settle();
    expect(tail.isUnaffected(before, posts)).toBe(false);
  });

  it('is not assumed if it responds at once to a process that was paused itself', async () => {
    const { tail, log, clock, stamp } = await setup();
    const before = stamp();
    const answer = log.hold('sync');
    clock.advance(9_000);
    expect(tail.isConfirmed()).toBe(false);
    answer();
    await settle();

    expect(await tail.confirm()).toBe(true);
    expect(tail.isUnaffected(before, posts)).toBe(true);
    expect(log.records).toEqual([]);
  });

  it('is not assumed if it is back in time', async () => {
    const { tail, log, clock, stamp } = await setup();
    const before = stamp();
    log.down = new Error('gone');
    await tail.sync();
    clock.advance(899);
    await settle();
    log.down = undefined;

    expect(await tail.confirm(true)).toBe(true);
    expect(tail.isUnaffected(before, posts)).toBe(true);
  });

  it('is not assumed if a new process reaches it slightly late', async () => {
    const log = new ScriptedLog();
    log.appendElsewhere([userChange]);
    log.down = new Error('connecting');
    const { tail, clock } = await setup({ log });
    expect(await tail.confirm()).toBe(false);
    log.down = undefined;
    clock.advance(200);

    expect(await tail.confirm()).toBe(true);
    await settle();
    expect(tail.isUnaffected({ epoch: 'e1', seq: 0 }, posts)).toBe(true);
  });
});

describe('a new epoch', () => {
  it('invalidates everything from before', async () => {
    const { tail, log, stamp, heard } = await setup();
    const before = stamp();
    log.restart('e2');
    await tail.sync();

    expect(tail.isUnaffected(before, posts)).toBe(false);
    expect(tail.isUnaffected(stamp(), posts)).toBe(true);
    expect(heard).toContainEqual({ type: 'log-reset', epoch: 'e2', because: 'epoch' });
  });

  it('is not needed to invalidate after a log that has gone back, because it reuses its positions', async () => {
    const { tail, log, stamp, heard } = await setup();
    log.appendElsewhere([userChange]);
    await tail.sync();
    const before = stamp();
    log.records = [];
    await tail.sync();

    expect(tail.position).toEqual({ epoch: 'e1', seq: 0, doubts: 1 });
    expect(heard).toContainEqual({ type: 'log-reset', epoch: 'e1', because: 'trimmed' });
    const after = stamp();
    log.appendElsewhere([userChange]);
    expect(tail.isUnaffected(after, users)).toBe(false);
    expect(tail.isUnaffected(before, users)).toBe(false);
  });

  it('leaves a load from a lagging replica without a stamp until the lag has passed', async () => {
    const { tail, log, clock } = await setup();
    tail.view.stampFor(100);
    clock.advance(100);
    expect(tail.view.stampFor(100)).toEqual({ epoch: 'e1', seq: 0 });
    log.restart('e2');
    await tail.sync();

    expect(tail.view.stampFor(100)).toBeUndefined();
    clock.advance(100);
    expect(tail.view.stampFor(100)).toEqual({ epoch: 'e2', seq: 0 });
  });

  it('is detected from the acknowledgement of a record: nothing is confirmed until the next sync', async () => {
    const { tail, log } = await setup();
    log.restart('e2');
    log.pushes = false;
    const answer = log.hold('sync');
    await tail.append([userChange]);

    expect(tail.isConfirmed()).toBe(false);
    answer();
    await settle();
    expect(tail.isConfirmed()).toBe(true);
    expect(tail.position).toEqual({ epoch: 'e2', seq: 1 });
  });

  it('makes a response void that was requested in an earlier epoch', async () => {
    const { tail, log } = await setup();
    log.pushes = false;
    const answer = log.hold('sync');
    const syncing = tail.sync();
    log.restart('e2');
    await tail.append([userChange]);
    answer();

    expect(await syncing).toBe('overtaken');
    await settle();
    expect(tail.position?.epoch).toBe('e2');
  });

  it('keeps a record of this process that the restarted log acknowledged, until a sync covers it', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.restart('e2');
    log.pushes = false;
    const answer = log.hold('sync');
    await tail.append([userChange]);
    log.deliver({ seq: 1, changes: [{ kind: 'tag', tag: 'late' }] }, 'e1');

    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isUnaffected(stamp(), users)).toBe(false);
    answer();
    await settle();
    expect(tail.isUnaffected(stamp(), users)).toBe(true);
  });

  it('receives a change of everything if a lost log acknowledged a record of this process late', async () => {
    const { tail, log, stamp } = await setup();
    log.pushes = false;
    const answer = log.hold('append');
    const appending = tail.append([userChange]);
    log.restart('e2');
    await tail.sync();
    answer();
    await appending;
    await settle();
    await tail.sync();

    expect(log.records.map(({ changes }) => changes)).toEqual([[EVERYTHING]]);
    expect(tail.isUnaffected(stamp(), users)).toBe(true);
    expect(tail.isConfirmed()).toBe(true);
  });

  it('receives a change of everything if it began before the previous log accepted the last record of this process', async () => {
    const { tail, log, clock, stamp } = await setup();
    await tail.append([userChange]);
    clock.advance('1s');
    await settle();
    log.restart('e2');
    log.began = log.time - 1_001;
    await tail.sync();

    // What others kept under it may not know of our write.
    expect(tail.isUnaffected(stamp(), users)).toBe(false);
    await tail.sync();
    expect(log.records.map(({ changes }) => changes)).toEqual([[EVERYTHING]]);
    expect(tail.isUnaffected(stamp(), users)).toBe(true);
  });

  it('receives no change of everything if it began after the previous log accepted the last record of this process', async () => {
    const { tail, log, clock, stamp } = await setup();
    await tail.append([userChange]);
    clock.advance('1s');
    await settle();
    log.restart('e2');
    log.began = log.time - 990;
    await tail.sync();
    // Nor later, when it is no longer known to the millisecond how long ago that was.
    for (let minutes = 0; minutes < 60; minutes++) {
      log.time += 60_000;
      clock.advance('1m');
      await settle();
    }
    await tail.sync();

    expect(log.records).toEqual([]);
    expect(tail.isUnaffected(stamp(), users)).toBe(true);
  });
});

describe('an earlier epoch that returns', () => {
  it('is not trusted, because it lacks the records appended since', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    const first = log.records;
    log.restart('e2');
    await tail.append([userChange]);
    await settle();
    log.restart('e1');
    log.records = first;
    await tail.sync();

    expect(tail.isUnaffected(before, users)).toBe(false);
    await tail.sync();
    expect(log.records.map(({ changes }) => changes)).toEqual([[EVERYTHING]]);
    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isUnaffected(stamp(), users)).toBe(true);
  });

  it('is detected also from an acknowledgement alone', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    const first = log.records;
    log.pushes = false;
    log.restart('e2');
    const answer = log.hold('append');
    const appending = tail.append([userChange]);
    log.restart('e1');
    log.records = first;
    answer();
    await appending;
    await settle();
    await tail.sync();

    expect(tail.position?.epoch).toBe('e1');
    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isConfirmed()).toBe(true);
  });
});

describe('changes of this process', () => {
  it('an own record is judged before its write resolves', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.pushes = false;
    await tail.append([userChange]);

    expect(tail.isUnaffected(before, users)).toBe(false);
    expect(tail.isUnaffected(stamp(), users)).toBe(true);
  });

  it('an own record does not move the position past records that were not seen', async () => {
    const { tail, log, stamp } = await setup();
    const before = stamp();
    log.pushes = false;
    log.appendElsewhere([{ kind: 'model', model: 'Post', op: 'update' }]);
    const answer = log.hold('sync');
    await tail.append([userChange]);

    expect(tail.position?.seq).toBe(0);
    expect(tail.isUnaffected(before, users)).toBe(false);
    answer();
    await settle();
    expect(tail.position?.seq).toBe(2);
    expect(tail.isUnaffected(before, posts)).toBe(false);
  });

  it('own changes affect entries with any stamp while the log is down', async () => {
    const { tail, log, stamp } = await setup();
    log.down = new Error('gone');

    expect(await tail.append([userChange])).toBe(false);
    expect(tail.isUnaffected(stamp(), users)).toBe(false);
    expect(tail.isUnaffected(stamp(), posts)).toBe(true);
    expect(tail.pending).toBe(1);
  });

  it('waiting changes are delivered when the log is back, before anything is confirmed', async () => {
    const { tail, log, clock } = await setup();
    log.down = new Error('gone');
    await tail.append([userChange]);
    await tail.append([{ kind: 'tag', tag: 'feed' }]);
    clock.advance(901);
    await settle();
    log.down = undefined;

    expect(await tail.confirm()).toBe(true);
    expect(log.records).toEqual([{ seq: 1, changes: [userChange, { kind: 'tag', tag: 'feed' }] }]);
    expect(tail.pending).toBe(0);
  });

  it('waiting changes are reported when they begin to wait and when they are delivered, not at every attempt', async () => {
    const { tail, log, heard } = await setup();
    log.down = new Error('gone');
    await tail.append([userChange]);
    for (let i = 0; i < 3; i++) await tail.sync();
    log.down = undefined;
    await tail.sync();

    expect(heard.filter(({ type }) => type === 'invalidate')).toEqual([
      { type: 'invalidate', changes: 1, models: ['User'], queued: true },
      { type: 'invalidate', changes: 1, models: ['User'], queued: false, seq: 1 },
    ]);
  });

  it('too many waiting changes become one that affects everything', async () => {
    const { tail, log, heard } = await setup({ maxPending: 3 });
    log.down = new Error('gone');
    for (let i = 0; i < 4; i++) await tail.append([userChange]);
    log.down = undefined;
    await tail.sync();

    expect(log.records).toEqual([{ seq: 1, changes: [EVERYTHING] }]);
    expect(heard).toContainEqual({ type: 'queue-overflow', dropped: 4 });
  });

  it('changes that are lost when the tail closes are reported', async () => {
    const { tail, log, heard } = await setup();
    log.down = new Error('gone');
    await tail.append([userChange]);
    await tail.close();

    expect(heard).toContainEqual({ type: 'invalidation-lost', changes: 1 });
  });
});

it('close waits for a delivery that another sync began meanwhile', async () => {
  const { tail, log } = await setup();
  const answer = log.hold('sync');
  void tail.sync();
  log.interrupt();
  log.down = new Error('gone');
  await tail.append([userChange]);
  log.down = undefined;
  const appended = log.hold('append');
  const closing = tail.close();
  answer();
  await settle();

  expect(log.head).toBe(1);
  expect(log.closed).toBe(false);
  appended();
  await closing;
  expect(log.closed).toBe(true);
});

it('a closed tail asks the log nothing', async () => {
  const { tail, log, types } = await setup();
  await tail.close();
  const { syncs } = log;

  expect(await tail.sync()).toBe('unavailable');
  expect(log.syncs).toBe(syncs);
  expect(types()).not.toContain('tier-failed');
});

it('a new tail reads back older records, so that older entries of the shared tier can be judged', async () => {
  const log = new ScriptedLog();
  for (let i = 0; i < 5; i++) log.appendElsewhere([{ kind: 'tag', tag: 'other' }]);
  log.appendElsewhere([userChange]);
  const { tail } = await setup({ log });

  expect(tail.isUnaffected({ epoch: 'e1', seq: 5 }, users)).toBe(false);
  expect(tail.isUnaffected({ epoch: 'e1', seq: 6 }, users)).toBe(true);
  expect(tail.isUnaffected({ epoch: 'e1', seq: 2 }, posts)).toBe(true);
});

describe('a clock that is set back', () => {
  it('quarantines nothing without intents', async () => {
    let shift = 0;
    const manual = new ManualClock();
    const clock = { now: () => manual.now() + shift, schedule: manual.schedule.bind(manual) };
    const log = new ScriptedLog();
    log.clock = manual;
    const tail = new LogTail({ log, clock, events: new CacheEvents(), maxStaleness: 900 });
    await settle();

    shift = -3_600_000;

    expect(tail.view.isQuarantined).toBe(false);
    expect(tail.view.hasOpenWrite(users)).toBe(false);
  });
});
