import { TierUnavailableError } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { Breaker } from '../../../packages/core/src/resilience/breaker.js';

const lost = (): Promise<never> => Promise.reject(new Error('lost'));
const refused = (): Promise<never> => Promise.reject(new RangeError('refused'));
const fine = (): Promise<string> => Promise.resolve('fine');

function setup(): { clock: ManualClock; breaker: Breaker; fail(times: number): Promise<void> } {
  const clock = new ManualClock();
  const breaker = new Breaker({ name: 'The store', clock, counts: (error) => !(error instanceof RangeError) });
  return {
    clock,
    breaker,
    async fail(times) {
      for (let count = 0; count < times; count++) await expect(breaker.run(lost)).rejects.toThrow('lost');
    },
  };
}

async function isOpen(breaker: Breaker): Promise<boolean> {
  const work = vi.fn(fine);
  const error = await breaker.run(work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error === undefined || error instanceof TierUnavailableError).toBe(true);
  return work.mock.calls.length === 0;
}

describe('a breaker', () => {
  it('opens after three failures in a row', async () => {
    const { breaker, fail } = setup();

    await fail(2);
    expect(await isOpen(breaker)).toBe(false);
    await fail(3);

    expect(await isOpen(breaker)).toBe(true);
  });

  it('stays closed for failures that do not count', async () => {
    const { breaker } = setup();

    for (let count = 0; count < 10; count++) await expect(breaker.run(refused)).rejects.toThrow('refused');

    expect(await isOpen(breaker)).toBe(false);
  });

  it('allows one call after a second, while all others still fail at once', async () => {
    const { clock, breaker, fail } = setup();
    await fail(3);
    clock.advance(999);
    expect(await isOpen(breaker)).toBe(true);
    clock.advance(1);
    let succeed: (value: string) => void = () => {};

    const trial = breaker.run(() => new Promise<string>((resolve) => (succeed = resolve)));
    expect(await isOpen(breaker)).toBe(true);
    succeed('back');

    expect(await trial).toBe('back');
    expect(await isOpen(breaker)).toBe(false);
  });

  it('opens for another second when the trial fails', async () => {
    const { clock, breaker, fail } = setup();
    await fail(3);
    clock.advance(1_000);

    await fail(1);

    expect(await isOpen(breaker)).toBe(true);
    clock.advance(999);
    expect(await isOpen(breaker)).toBe(true);
    clock.advance(1);
    expect(await isOpen(breaker)).toBe(false);
  });

  it('keeps its pause if the clock of the host is set back', async () => {
    const { clock, breaker, fail } = setup();
    await fail(3);
    const date = vi.spyOn(Date, 'now').mockReturnValue(0);

    clock.advance(1_000);

    expect(await isOpen(breaker)).toBe(false);
    date.mockRestore();
  });

  it('closes at once when the other side is known to be available again', async () => {
    const { breaker, fail } = setup();
    await fail(3);

    breaker.reset();

    expect(await isOpen(breaker)).toBe(false);
  });
});
