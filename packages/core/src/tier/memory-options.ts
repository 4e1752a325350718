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
 * @throws {@link InvalidOptionError} naming the option, the value and what is allowed.
 */
export function resolveMemoryOptions(input: unknown): ResolvedMemoryOptions {
  if (input === undefined) return DEFAULTS;
  checkKeys('memory', input, Object.keys(DEFAULTS));
  const { maxEntries, maxBytes } = input as { readonly maxEntries?: unknown; readonly maxBytes?: unknown };
  return {
    maxEntries: maxEntries === undefined ? DEFAULTS.maxEntries : toCount(maxEntries),
    maxBytes: maxBytes === undefined ? DEFAULTS.maxBytes : toBytes(maxBytes),
  };
}

function toCount(input: unknown): number {
  if (typeof input === 'number' && Number.isInteger(input) && input >= 1 && input <= MAX_ENTRIES) return input;
  throw new InvalidOptionError('memory.maxEntries', input, `a whole number from 1 to ${MAX_ENTRIES}`);
}

function toBytes(input: unknown): number {
  const bytes = typeof input === 'string' ? parseSize(input) : input;
  if (typeof bytes === 'number' && bytes >= 1 && Number.isSafeInteger(Math.floor(bytes))) return Math.floor(bytes);
  throw new InvalidOptionError('memory.maxBytes', input, "a number of bytes from 1, or a string with a unit ('64mb')");
}

function parseSize(text: string): number | undefined {
  const [, amount = '', unit = ''] = SIZE.exec(text) ?? [];
  const factor = UNITS.get(unit);
  return factor === undefined ? undefined : Number(amount) * factor;
}
