import { TierUnavailableError } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { withDeadline } from '../../../packages/core/src/resilience/deadline.js';
import { type Held, held } from '../../support/held.js';

function setup(): {
  clock: ManualClock;
  limit: { clock: ManualClock; milliseconds: number };
  work: Held<string>;
} {
  const clock = new ManualClock();
  return { clock, limit: { clock, milliseconds: 50 }, work: held() };
}

describe('a deadline', () => {
  it('passes on a result that is in time, and leaves no timer', async () => {
    const { clock, limit, work } = setup();
    const answer = withDeadline('The store', limit, work.promise);
    clock.advance(49);

    work.release('answer');

    expect(await answer).toBe('answer');
    expect(clock.pending).toBe(0);
  });

  it('passes on an error that is in time, as the same object', async () => {
    const { clock, limit, work } = setup();
    const answer = withDeadline('The store', limit, work.promise);
    const error = new Error('no');

    work.fail(error);

    await expect(answer).rejects.toBe(error);
    expect(clock.pending).toBe(0);
  });

  it('rejects when it expires, and names the operation', async () => {
    const { clock, limit, work } = setup();
    const answer = withDeadline('The store', limit, work.promise);

    clock.advance(50);

    await expect(answer).rejects.toThrow(TierUnavailableError);
    await expect(answer).rejects.toThrow('The store took longer than 50 ms.');
    expect(clock.pending).toBe(0);
  });

  it('accepts a result that arrived while the process itself was busy', async () => {
    const { limit, work } = setup();
    const due: (() => void)[] = [];
    const schedule = (task: () => void) => {
      due.push(task);
      return () => {};
    };
    const clock = { now: () => 0, schedule };
    const answer = withDeadline('The store', { ...limit, clock }, work.promise);

    due.shift()?.();
    work.release('just read from the socket');
    await Promise.resolve();
    due.shift()?.();

    expect(await answer).toBe('just read from the socket');
  });

  it('ignores late results and late errors', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { clock, limit, work } = setup();
    const answer = withDeadline('The store', limit, work.promise);
    clock.advance(50);
    await expect(answer).rejects.toThrow(TierUnavailableError);

    work.fail(new Error('late'));

    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
