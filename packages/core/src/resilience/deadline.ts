import type { Clock } from '../clock.js';
import { TierUnavailableError } from '../errors.js';

/** How long the caller waits. */
export interface Deadline {
  readonly clock: Clock;
  /** In milliseconds. */
  readonly milliseconds: number;
}

/**
 * Settles as `work` does, unless it takes longer than the deadline. Its late result is dropped, a late failure too.
 *
 * @throws {@link TierUnavailableError} naming `what` at the deadline.
 */
export function withDeadline<Value>(
  what: string,
  { clock, milliseconds }: Deadline,
  work: Promise<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const expire = (): void => reject(new TierUnavailableError(`${what} took longer than ${milliseconds} ms.`));
    // One more turn of the event loop: if this process itself was busy, the reply may be waiting to be read.
    let cancel = clock.schedule(() => {
      cancel = clock.schedule(expire, 0);
    }, milliseconds);
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
