import type { CacheEvents } from '../telemetry/events.js';
import type { ResolvedIntents } from '../write/intent-options.js';
import type { DatabaseIdentity } from './database-identity.js';

/**
 * Emits `unfenced` if writes are announced and the database may commit one after its announcement has expired: strong reads
 * may then miss it.
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
 * Why the database may commit a write later than `fence` milliseconds after its announcement; `undefined` if it cannot.
 *
 * A write is announced right before the statement, or before the commit of an interactive transaction. So a timeout of the
 * transaction is enough, and so are one of each statement and one of the waits between them.
 *
 * @param timeouts - The timeouts that PostgreSQL reported; `undefined` for any other database.
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
