import { checkKeys } from '../check-keys.js';
import { type Duration, toMilliseconds } from '../duration.js';
import { InvalidOptionError } from '../errors.js';
import type { IntentTerms } from '../log/log-record.js';

/** How writes are announced before they are sent to the database. */
export interface IntentOptions {
  /** How long after its announcement a write whose outcome was not reported counts as possibly done. @defaultValue `5` (seconds) */
  readonly lease?: Duration | undefined;
  /**
   * How long after its announcement the database may still commit a write: its timeouts must see to it. Longer than
   * the lease. @defaultValue `15` (seconds)
   */
  readonly fence?: Duration | undefined;
  /**
   * What becomes of a write that cannot be announced: it fails before it is sent (`'fail'`), or runs all the same and
   * strong reads elsewhere may miss it until the log hears of it (`'proceed'`). @defaultValue `'fail'`
   */
  readonly onUnavailable?: 'fail' | 'proceed' | undefined;
}

/** {@link IntentOptions} with nothing left to decide. */
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
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveIntents(given: unknown): ResolvedIntents | undefined {
  if (given === undefined || given === false) return undefined;
  if (given === true) return resolveIntents({});
  checkKeys('intents', given, ['lease', 'fence', 'onUnavailable']);
  const { lease = LEASE, fence = FENCE, onUnavailable = 'fail' } = given as Record<string, unknown>;
  const terms = { lease: toMilliseconds('intents.lease', lease), fence: toMilliseconds('intents.fence', fence) };
  if (terms.fence <= terms.lease) {
    throw new InvalidOptionError('intents.fence', fence, `a duration longer than \`intents.lease\`, ${String(lease)}`);
  }
  if (onUnavailable !== 'fail' && onUnavailable !== 'proceed') {
    throw new InvalidOptionError('intents.onUnavailable', onUnavailable, "'fail' or 'proceed'");
  }
  return { ...terms, onUnavailable };
}
