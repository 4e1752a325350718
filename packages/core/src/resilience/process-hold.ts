import { type Clock, systemClock } from '../clock.js';

/** A timer that does nothing: Node does not end a process while a timer is referenced. */
let timer: NodeJS.Timeout | undefined;
let holds = 0;

/** The longest interval of a timer, about 25 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Keeps the process from ending by itself until the returned function is called.
 *
 * Our sockets and timers do not keep it: a script that has nothing left to do ends, unless a command is under way.
 *
 * @param clock - The clock that the work waits by. One of a test may stand still for ever, so it holds nothing.
 */
export function holdProcess(clock: Clock): () => void {
  if (clock !== systemClock) return () => {};
  timer ??= setInterval(() => {}, LONGEST);
  holds += 1;
  if (holds === 1) timer.ref();
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    holds -= 1;
    if (holds === 0) timer?.unref();
  };
}
