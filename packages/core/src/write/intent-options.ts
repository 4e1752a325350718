import { checkKeys } from '../check-keys.js';
import { type Duration, toMilliseconds } from '../duration.js';
import { InvalidOptionError } from '../errors.js';
import type { IntentTerms } from '../log/log-record.js';

/** How writes are announced before they are sent to the database. */
export interface IntentOptions {
  /** How long after its announcement a write whose outcome was not reported counts as possibly done. @defaultValue `5` (seconds) */
  readonly lease?: Duration | undefined;
  /**
   * How long after its announcement the database may still commit a write: the database's timeouts must ensure it.
   * Longer than the lease. @defaultValue `15` (seconds)
   */
  readonly fence?: Duration | undefined;
  /**
   * What happens to a write that cannot be announced: it fails before it is sent (`'fail'`), or it is sent anyway, and
   * strong reads of other processes may miss it until it is in the log (`'proceed'`). @defaultValue `'fail'`
   */
  readonly onUnavailable?: 'fail' | 'proceed' | undefined;
}

/** {@link IntentOptions}, complete. Durations are in milliseconds. */
export interface ResolvedIntents extends IntentTerms {
  readonly onUnavailable: 'fail' | 'proceed';
}

/** In seconds. */
export const LEASE = 5;
/** In seconds. */
export const FENCE = 15;

/**
 * Completes the `intents` option; `undefined` if writes are not announced.
 *
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 */
export function resolveIntents(input: unknown): ResolvedIntents | undefined {
  if (input === undefined || input === false) return undefined;
  if (input === true) return resolveIntents({});
  checkKeys('intents', input, ['lease', 'fence', 'onUnavailable']);
  const { lease = LEASE, fence = FENCE, onUnavailable = 'fail' } = input as Record<string, unknown>;
  const terms = { lease: toMilliseconds('intents.lease', lease), fence: toMilliseconds('intents.fence', fence) };
  if (terms.fence <= terms.lease) {
    throw new InvalidOptionError('intents.fence', fence, `a duration longer than \`intents.lease\`, ${String(lease)}`);
  }
  if (onUnavailable !== 'fail' && onUnavailable !== 'proceed') {
    throw new InvalidOptionError('intents.onUnavailable', onUnavailable, "'fail' or 'proceed'");
  }
  return { ...terms, onUnavailable };
}
