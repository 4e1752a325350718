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

/** What a timer of Node takes, about 25 days. It runs at once what is to wait for longer. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The process's own monotonic clock. A task that is to wait for longer than a timer can runs when that time is up. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(task, delay) {
    const timer = setTimeout(task, Math.min(delay, LONGEST_DELAY));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
