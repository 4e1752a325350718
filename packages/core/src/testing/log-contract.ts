import assert from 'node:assert/strict';
import { TierUnavailableError } from '../errors.js';
import type { InvalidationLog } from '../log/invalidation-log.js';
import type { LogRecord } from '../log/log-record.js';
import { type Change, EVERYTHING } from '../match/change.js';
import type { TestRunner } from './test-runner.js';

/** A log whose contract is tested. */
export interface LogSubject {
  /** Opens the log again, as another process would. A log that is not shared is opened once per test. */
  open(): InvalidationLog;
}

/** What every {@link InvalidationLog} promises. `start` makes a fresh, empty log for each test and is called inside it. */
export function logContract({ describe, it }: TestRunner, name: string, start: () => Promise<LogSubject>): void {
  const withLog = (body: (log: InvalidationLog, subject: LogSubject) => Promise<void>) => async (): Promise<void> => {
    const subject = await start();
    const log = subject.open();
    try {
      await body(log, subject);
    } finally {
      await log.close();
    }
  };

  describe(`the contract of an invalidation log: ${name}`, () => {
    it(
      'replies with a reset to a process that knows nothing',
      withLog(async (log) => {
        const { kind, head, records, epoch } = await log.sync(undefined);

        assert.deepEqual({ kind, head, records }, { kind: 'reset', head: 0, records: [] });
        assert.notEqual(epoch, '');
      }),
    );

    it(
      'numbers records without a gap, however many processes append at once',
      withLog(async (log, subject) => {
        const other = log.shared ? subject.open() : log;
        const start = await log.sync(undefined);

        const positions = await Promise.all(
          Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? log : other).append([tag(`t${index}`)])),
        );

        const sorted = positions.map(({ seq }) => seq).sort((a, b) => a - b);
        assert.deepEqual(sorted, sequence(1, 50));
        assert.deepEqual(new Set(positions.map(({ epoch }) => epoch)), new Set([start.epoch]));
        const { records } = await other.sync({ epoch: start.epoch, seq: 0 });
        const inOrder = positions.map(({ seq }, index) => ({ seq, changes: [tag(`t${index}`)] }));
        assert.deepEqual(
          records,
          inOrder.sort((a, b) => a.seq - b.seq),
        );
        if (other !== log) await other.close();
      }),
    );

    it(
      'continues from a known position, and has nothing to add at its head',
      withLog(async (log) => {
        const { epoch } = await log.sync(undefined);
        for (const name of ['a', 'b', 'c']) await log.append([tag(name)]);

        const reply = await log.sync({ epoch, seq: 1 });
        const atHead = await log.sync({ epoch, seq: 3 });

        assert.deepEqual(pick(reply), { kind: 'continuation', head: 3, records: [record(2, 'b'), record(3, 'c')] });
        assert.deepEqual(pick(atHead), { kind: 'continuation', head: 3, records: [] });
      }),
    );

    it(
      'carries changes of every kind exactly, including hostile strings',
      withLog(async (log) => {
        const { epoch } = await log.sync(undefined);
        const hostile = 'a\n{ns}:v "\\ \u0000 \ud83d\ude00 \ud800';
        const facts = Object.fromEntries([
          [hostile, hostile],
          ['__proto__', 'x'],
          ['constructor', ''],
        ]);
        const changes: Change[] = [
          { kind: 'model', model: 'public.User', op: 'update', before: { id: '1' }, after: facts },
          { kind: 'model', model: hostile, op: 'any' },
          tag(hostile),
          EVERYTHING,
        ];

        await log.append(changes);

        assert.deepEqual((await log.sync({ epoch, seq: 0 })).records, [{ seq: 1, changes }]);
      }),
    );

    it(
      'resets a process that comes from another epoch or from beyond the head',
      withLog(async (log) => {
        const { epoch, seq } = await log.append([EVERYTHING]);

        assert.equal((await log.sync({ epoch: 'another', seq })).kind, 'reset');
        assert.equal((await log.sync({ epoch, seq: seq + 1 })).kind, 'reset');
      }),
    );

    it(
      'hands over a long continuation in pieces, without a gap',
      withLog(async (log) => {
        const { epoch } = await log.sync(undefined);
        for (let batch = 0; batch < 15; batch++) {
          await Promise.all(Array.from({ length: 100 }, () => log.append([tag('x')])));
        }

        const seen: number[] = [];
        for (let reply = await log.sync({ epoch, seq: 0 }); reply.records.length > 0; ) {
          assert.equal(reply.kind, 'continuation');
          seen.push(...reply.records.map(({ seq }) => seq));
          reply = await log.sync({ epoch, seq: seen.length });
        }

        assert.deepEqual(seen, sequence(1, 1_500));
      }),
    );

    it(
      'sends its listener every record that is appended',
      withLog(async (log, subject) => {
        const heard: (LogRecord & { readonly epoch: string })[] = [];
        log.subscribe({ onRecord: (epoch, heardOf) => heard.push({ epoch, ...heardOf }), onGap: () => {} });
        const writer = log.shared ? subject.open() : log;

        // A shared log's subscription begins some time after the call.
        const appended = new Set<number>();
        while (heard.length === 0) {
          appended.add((await writer.append([tag('x')])).seq);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }

        const { epoch } = await writer.sync(undefined);
        assert.equal(heard[0]?.epoch, epoch);
        assert.deepEqual(heard[0]?.changes, [tag('x')]);
        assert.ok(appended.has(heard[0]?.seq ?? 0));
        if (writer !== log) await writer.close();
      }),
    );

    it(
      'announces a write, and closes it with what it changed',
      withLog(async (log) => {
        const { epoch } = await log.sync(undefined);

        const intent = await log.announce([tag('x')], { lease: 60_000, fence: 120_000 });
        const open = await log.sync(undefined);
        await log.append([tag('y')], [intent, { epoch: 'another', seq: 1 }]);

        assert.deepEqual(open.intents, [{ seq: 1, changes: [tag('x')], expired: false }]);
        assert.deepEqual((await log.sync({ epoch, seq: 0 })).records, [
          { seq: 1, changes: [tag('x')], intent: true },
          { seq: 2, changes: [tag('y')], closes: [1] },
        ]);
        assert.deepEqual((await log.sync(undefined)).intents, []);
      }),
    );

    it(
      'counts a write whose end is not reported as possibly done, twice',
      withLog(async (log) => {
        const { epoch } = await log.sync(undefined);
        await log.announce([tag('x')], { lease: 20, fence: 40 });

        let reply = await log.sync({ epoch, seq: 0 });
        while (reply.head < 2) reply = await later(() => log.sync({ epoch, seq: 0 }));
        const between = await log.sync(undefined);
        while (reply.head < 3) reply = await later(() => log.sync({ epoch, seq: 0 }));

        assert.deepEqual(between.intents, between.head < 3 ? [{ seq: 1, changes: [tag('x')], expired: true }] : []);
        assert.deepEqual(reply.records, [
          { seq: 1, changes: [tag('x')], intent: true },
          { seq: 2, changes: [tag('x')], expires: 1 },
          { seq: 3, changes: [tag('x')], closes: [1] },
        ]);
        assert.deepEqual((await log.sync(undefined)).intents, []);
      }),
    );

    it(
      'has a time that does not go back',
      withLog(async (log) => {
        const before = (await log.sync(undefined)).time;
        await log.append([EVERYTHING]);
        const after = (await log.sync(undefined)).time;

        assert.ok(Number.isFinite(before) && after >= before);
      }),
    );

    it(
      'is unavailable once closed, and can be closed twice',
      withLog(async (log) => {
        await log.close();
        await log.close();

        await assert.rejects(log.append([EVERYTHING]), TierUnavailableError);
        await assert.rejects(log.sync(undefined), TierUnavailableError);
      }),
    );
  });
}

function tag(name: string): Change {
  return { kind: 'tag', tag: name };
}

function record(seq: number, name: string): LogRecord {
  return { seq, changes: [tag(name)] };
}

function sequence(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

async function later<Value>(ask: () => Promise<Value>): Promise<Value> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return ask();
}

function pick({ kind, head, records }: { kind: string; head: number; records: readonly LogRecord[] }): object {
  return { kind, head, records };
}
