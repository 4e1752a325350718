import type { LogTail } from '../tail/log-tail.js';

/** Why a read is not answered from the cache, nor its result kept, while the log is not confirmed. */
export type Unconfirmed = 'opening' | 'log-unconfirmed';

/** `opening` before the first answer of the log, which is no outage; else `log-unconfirmed`. */
export function whyUnconfirmed(tail: Pick<LogTail, 'opening'>): Unconfirmed {
  return tail.opening ? 'opening' : 'log-unconfirmed';
}
