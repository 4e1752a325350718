import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogTime } from '../../../packages/core/src/tail/log-time.js';
import { CacheEvents } from '../../../packages/core/src/telemetry/events.js';

const MINUTE = 60_000;

/** A process and a log whose clocks a test sets, and answers that take as long as it says. */
function setup() {
  const time = new LogTime(new CacheEvents());
  let now = 5_000;
  let log = 1_000_000;
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    log += milliseconds;
  };
  const measure = (there = 1, back = 1, epoch = 'e1'): boolean => {
    const sentAt = now;
    pass(there);
    const answered = log;
    pass(back);
    return time.measure({ epoch, time: answered }, sentAt, now);
  };
  return {
    time,
    pass,
    measure,
    now: () => now,
    log: () => log,
    setLog: (by: number) => (log += by),
    at: () => time.at(now),
  };
}

describe("the log's time", () => {
  it.each([30_000, 60 * MINUTE])('follows a step of %i ms forward, after which no entry looks younger', (step) => {
    const { measure, pass, setLog, at, log } = setup();
    measure();
    const dated = at();
    pass(MINUTE);
    setLog(step);

    expect(measure()).toBe(false);

    expect(at() - dated).toBeGreaterThanOrEqual(MINUTE + step);
    expect(Math.abs(at() - log())).toBeLessThanOrEqual(2);
  });

  it.each([30_000, 60 * MINUTE])('reports a step of %i ms back, because older entries look younger', (step) => {
    const { measure, pass, setLog, at, log } = setup();
    measure();
    pass(MINUTE);
    setLog(-step);

    expect(measure()).toBe(true);

    expect(Math.abs(at() - log())).toBeLessThanOrEqual(2);
    expect(measure()).toBe(false);
  });

  it('starts over with a new epoch, whose server may have another clock', () => {
    const { measure, setLog, at, log } = setup();
    measure();
    setLog(-30_000);

    expect(measure(1, 1, 'e2')).toBe(false);

    expect(Math.abs(at() - log())).toBeLessThanOrEqual(2);
  });

  it('follows clocks that drift apart, without an event', () => {
    const { measure, pass, setLog, at, log } = setup();
    measure();
    for (let hour = 0; hour < 24 * 60; hour += 1) {
      pass(MINUTE);
      setLog(-20);

      expect(measure()).toBe(false);
    }
    expect(at() - log()).toBeLessThanOrEqual(320);
  });

  it('never goes back while responses take different times and no clock is set', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(200), fc.nat(1_000)), { maxLength: 50 }), (answers) => {
        const { measure, pass, at, log } = setup();
        let last = Number.NEGATIVE_INFINITY;
        for (const [there, back, pause] of answers) {
          expect(measure(there, back)).toBe(false);
          expect(at()).toBeGreaterThanOrEqual(last);
          expect(at()).toBeGreaterThanOrEqual(log());
          expect(at() - log()).toBeLessThanOrEqual(400);
          last = at();
          pass(pause);
        }
      }),
    );
  });
});
