import type { CancelTimer, Clock } from '../clock.js';

/** Runs `beat` every `interval` milliseconds until it is cancelled. */
export function heartbeat(clock: Clock, interval: number, beat: () => void): CancelTimer {
  let cancel = clock.schedule(again, interval);
  function again(): void {
    cancel = clock.schedule(again, interval);
    beat();
  }
  return () => cancel();
}
