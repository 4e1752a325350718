import type { Clock } from '../clock.js';
import type { InvalidationLog } from '../log/invalidation-log.js';
import type { IntentTerms, LogPosition } from '../log/log-record.js';
import type { Change } from '../match/change.js';

/**
 * Announces to `log` a write that may make `changes`.
 *
 * @returns The position to close when the write has ended; `undefined` if the log did not take it within the lease. Never rejects.
 */
export async function announceWithin(
  terms: IntentTerms,
  changes: readonly Change[],
  log: InvalidationLog,
  clock: Clock,
): Promise<LogPosition | undefined> {
  const sentAt = clock.now();
  try {
    const position = await log.announce(changes, terms);
    return clock.now() - sentAt < terms.lease ? position : undefined;
  } catch {
    // The log has reported it.
    return undefined;
  }
}
