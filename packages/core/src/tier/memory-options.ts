import { checkKeys } from '../check-keys.js';
import { InvalidOptionError } from '../errors.js';

/** Bounds of the memory tier with nothing left to decide. */
export interface ResolvedMemoryOptions {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

const KILOBYTE = 1024;
const DEFAULTS: ResolvedMemoryOptions = { maxEntries: 10_000, maxBytes: 64 * KILOBYTE ** 2 };

const SIZE = /^(\d+(?:\.\d+)?)(kb|mb|gb)$/;
const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({ kb: KILOBYTE, mb: KILOBYTE ** 2, gb: KILOBYTE ** 3 }),
);
/** More than a `Map` holds. */
const MAX_ENTRIES = 2 ** 24;

/**
 * Completes the `memory` option; `undefined` gives the defaults.
 *
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveMemoryOptions(given: unknown): ResolvedMemoryOptions {
  if (given === undefined) return DEFAULTS;
  checkKeys('memory', given, Object.keys(DEFAULTS));
  const { maxEntries, maxBytes } = given as { readonly maxEntries?: unknown; readonly maxBytes?: unknown };
  return {
    maxEntries: maxEntries === undefined ? DEFAULTS.maxEntries : toCount(maxEntries),
    maxBytes: maxBytes === undefined ? DEFAULTS.maxBytes : toBytes(maxBytes),
  };
}

function toCount(given: unknown): number {
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= MAX_ENTRIES) return given;
  throw new InvalidOptionError('memory.maxEntries', given, `a whole number from 1 to ${MAX_ENTRIES}`);
}

function toBytes(given: unknown): number {
  const bytes = typeof given === 'string' ? parseSize(given) : given;
  if (typeof bytes === 'number' && bytes >= 1 && Number.isSafeInteger(Math.floor(bytes))) return Math.floor(bytes);
  throw new InvalidOptionError('memory.maxBytes', given, "a number of bytes from 1, or text with a unit ('64mb')");
}

function parseSize(text: string): number | undefined {
  const [, amount = '', unit = ''] = SIZE.exec(text) ?? [];
  const factor = UNITS.get(unit);
  return factor === undefined ? undefined : Number(amount) * factor;
}
