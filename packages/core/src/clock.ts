/** Cancels what {@link Clock.schedule} arranged. Cancelling twice, or after it ran, does nothing. */
export type CancelTimer = () => void;

/**
 * The only source of time in core. Tests inject a manual one.
 *
 * It is monotonic: two machines' clocks are never compared, and a jump of the host's date has no effect.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start. Never goes back. */
  now(): number;
  /** Runs `task` once after `delay` milliseconds. Does not keep the process alive. */
  schedule(task: () => void, delay: number): CancelTimer;
}

/** The longest delay of a Node timer, about 25 days. With a longer one it fires at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The process's own monotonic clock. It cuts delays to what a timer of Node takes. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(task, delay) {
    const timer = setTimeout(task, Math.min(delay, LONGEST_DELAY));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
