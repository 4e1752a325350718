import { checkKeys } from '../check-keys.js';
import { InvalidOptionError } from '../errors.js';

/** How hits are checked against the database. */
export interface ObserveOptions {
  /** The share of hits: 0 (none) to 1 (all). */
  readonly rate: number;
  /**
   * Whether this process judges the models of a wrong result as a whole from then on: any change of one invalidates every
   * result that depends on it. @defaultValue `false`
   */
  readonly degrade?: boolean | undefined;
}

/** {@link ObserveOptions} with nothing left to decide. */
export interface ResolvedObserve {
  /** Greater than 0. */
  readonly rate: number;
  readonly degrade: boolean;
}

const KEYS = ['rate', 'degrade'] as const satisfies readonly (keyof ObserveOptions)[];

/**
 * Completes the `observe` option; `undefined` if nothing is observed.
 *
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveObserve(input: unknown): ResolvedObserve | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'number') return resolved('observe', input, false);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidOptionError('observe', input, `a share of hits from 0 to 1, or an object with ${KEYS.join(', ')}`);
  }
  checkKeys('observe', input, KEYS);
  const { rate, degrade = false } = input as Record<string, unknown>;
  if (typeof degrade !== 'boolean') throw new InvalidOptionError('observe.degrade', degrade, 'true or false');
  return resolved('observe.rate', rate, degrade);
}

function resolved(option: string, rate: unknown, degrade: boolean): ResolvedObserve | undefined {
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
    throw new InvalidOptionError(option, rate, 'a share of hits from 0 to 1');
  }
  return rate === 0 ? undefined : { rate, degrade };
}
