import type { CacheEvents } from '../telemetry/events.js';
import type { ResolvedIntents } from '../write/intent-options.js';
import type { DatabaseIdentity } from './database-identity.js';

/**
 * Says with an event if writes are announced and the database may commit one after its announcement has expired.
 *
 * Strong reads rely on it: no process expects a write that is committed after the fence.
 */
export function reportUnfenced(
  events: CacheEvents,
  intents: ResolvedIntents | undefined,
  { timeouts }: DatabaseIdentity,
): void {
  if (intents === undefined) return;
  const reason = unfencedReason(timeouts, intents.fence);
  if (reason !== undefined) events.emit({ type: 'unfenced', fence: intents.fence / 1_000, reason });
}

/**
 * Why the database may commit a write later than `fence` milliseconds after its announcement; `undefined` if it refuses.
 *
 * An announcement comes right before the statement, or before the commit of an interactive transaction: so a bound on the
 * transaction does, and so do one on each statement and one on the waits between them.
 *
 * @param timeouts - What the database answered about its timeouts; nothing for another database.
 */
export function unfencedReason(timeouts: unknown, fence: number): string | undefined {
  if (typeof timeouts !== 'string') {
    return 'this database cannot report its commit timeouts';
  }
  const settings = new Map(timeouts.split(' ').map((setting) => setting.split('=', 2) as [string, string]));
  const isWithin = (name: string): boolean => {
    const timeout = Number(settings.get(name) ?? 0);
    return timeout > 0 && timeout < fence;
  };
  if (isWithin('transaction_timeout')) return undefined;
  if (isWithin('statement_timeout') && isWithin('idle_in_transaction_session_timeout')) return undefined;
  const newest = settings.has('transaction_timeout') ? 'transaction_timeout, or ' : '';
  return `the database may commit later: set ${newest}statement_timeout and idle_in_transaction_session_timeout to less for the application's role`;
}
