import { systemClock } from '@cachetastic/core';
import { expect, it, vi } from 'vitest';

it('a task with a longer delay than a timer allows does not run at once', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const cancel = systemClock.schedule(() => {}, 40 * 86_400_000);
  cancel();

  // Node runs it after a millisecond, and says so.
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
