import { InvalidOptionError } from './errors.js';

/** A length of time: seconds, or a string with a unit (`'250ms'`, `'90s'`, `'5m'`, `'1h'`, `'7d'`). */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }),
);
const WITH_UNIT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
/** A thousand years: beyond it a duration is a mistake, and sums of times stay exact. */
const MAX_MILLISECONDS = 1_000 * 365 * 86_400_000;

/** What `toMilliseconds` accepts in addition to the units. */
export interface DurationBounds {
  /** Whether 0 is allowed. @defaultValue `false` */
  readonly zero?: boolean;
}

/**
 * Turns a duration that a user gave into milliseconds, the only unit inside core.
 *
 * @throws {@link InvalidOptionError} naming `option` unless `input` is a finite duration greater than 0 (or 0, when `bounds` allow).
 */
export function toMilliseconds(option: string, input: unknown, bounds: DurationBounds = {}): number {
  const milliseconds = parseDuration(input);
  const least = bounds.zero === true ? 0 : Number.MIN_VALUE;
  if (milliseconds === undefined || milliseconds < least || milliseconds > MAX_MILLISECONDS) {
    const range = bounds.zero === true ? 'of 0 or more' : 'greater than 0';
    throw new InvalidOptionError(
      option,
      input,
      `a duration ${range}: seconds (60) or a string with a unit ('250ms', '5m')`,
    );
  }
  return milliseconds;
}

function parseDuration(input: unknown): number | undefined {
  if (typeof input === 'number') return Number.isFinite(input) ? input * 1_000 : undefined;
  if (typeof input !== 'string') return undefined;
  const [, amount = '', unit = ''] = WITH_UNIT.exec(input) ?? [];
  const factor = UNITS.get(unit);
  return factor === undefined ? undefined : Number(amount) * factor;
}
