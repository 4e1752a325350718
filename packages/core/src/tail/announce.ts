import type { Clock } from '../clock.js';
import type { InvalidationLog } from '../log/invalidation-log.js';
import type { IntentTerms, LogPosition } from '../log/log-record.js';
import type { Change } from '../match/change.js';

/**
 * Announces to `log` a write that may make `changes`.
 *
 * @returns What to close when it has ended; `undefined` if the log did not take it, or took longer than the lease. Never rejects.
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
