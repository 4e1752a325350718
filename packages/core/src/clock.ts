/** Cancels what {@link Clock.schedule} arranged. Cancelling twice, or after it ran, does nothing. */
export type CancelTimer = () => void;

/**
 * The only source of time in core. Tests inject a manual one.
 *
 * It is monotonic: two machines' clocks are never compared, and a host whose date jumps serves nothing older for it.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start. Never goes back. */
  now(): number;
  /** Runs `task` once after `delay` milliseconds. Does not keep the process alive. */
  schedule(task: () => void, delay: number): CancelTimer;
}

/** The process's own monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(task, delay) {
    const timer = setTimeout(task, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
