import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../packages/core/src/testing/manual-clock.js';

describe('manual clock', () => {
  it('runs due tasks in the order of time, each at its own time', () => {
    const clock = new ManualClock(0);
    const ran: [string, number][] = [];
    clock.schedule(() => ran.push(['late', clock.now()]), 30);
    clock.schedule(() => {
      ran.push(['early', clock.now()]);
      clock.schedule(() => ran.push(['scheduled meanwhile', clock.now()]), 10);
    }, 10);
    clock.schedule(() => ran.push(['beyond', clock.now()]), 60_000);
    clock.schedule(() => ran.push(['cancelled', clock.now()]), 5)();

    clock.advance(50);

    expect(ran).toEqual([
      ['early', 10],
      ['scheduled meanwhile', 20],
      ['late', 30],
    ]);
    expect([clock.now(), clock.pending]).toEqual([50, 1]);

    clock.advance('1m');

    expect(ran.at(-1)).toEqual(['beyond', 60_000]);
    expect(clock.now()).toBe(60_050);
  });
});
