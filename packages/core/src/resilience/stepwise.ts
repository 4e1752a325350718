import type { CancelTimer, Clock } from '../clock.js';

/** Into how many steps a time is divided. */
const STEPS = 10;

/**
 * Runs `task` after `delay` milliseconds in which the process could also handle other events.
 *
 * A process that loads its modules can be busy for longer than `delay`. Such a pause counts as one step of ten.
 */
export function scheduleStepwise(clock: Clock, task: () => void, delay: number): CancelTimer {
  let step = 0;
  let cancel = clock.schedule(next, delay / STEPS);
  function next(): void {
    step += 1;
    if (step === STEPS) task();
    else cancel = clock.schedule(next, delay / STEPS);
  }
  return () => cancel();
}
