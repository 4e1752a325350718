/**
 * Makers of comparable strings, the values of {@link Facts}.
 *
 * Each is an over-approximating canonical form: two values that the database may call equal always get the same string.
 * The converse does not hold, and must not be relied on. `undefined` means that no such string can be promised: the value is
 * unknown. Decimals, floats, dates, bytes, JSON and lists have none: scale, precision, time zones and rounding make their
 * equality the column's business.
 */

/** Whole numbers, whatever their JavaScript type. Booleans share the form, because some databases store them as 0 and 1. */
export function comparableInteger(value: unknown): string | undefined {
  if (typeof value === 'bigint') return `i:${value}`;
  // Adding 0 turns -0 into 0.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? `i:${value + 0}` : undefined;
  if (typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value)) return `i:${BigInt(value.replace('+', ''))}`;
  return undefined;
}

/** `true` and `false`. */
export function comparableBoolean(value: unknown): string | undefined {
  return typeof value === 'boolean' ? `i:${Number(value)}` : undefined;
}

/** UUIDs, in any of the spellings that databases accept. For columns of a UUID type only: as strings they differ by case. */
export function comparableUuid(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const digits = value.replace(/[{}-]/g, '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? `u:${digits}` : undefined;
}

/** Longer strings are unknown: records travel to every node, and keys are short. */
const LONGEST = 256;

/**
 * Strings, under practically any collation: blind to case, accents, width, punctuation or trailing blanks, numeric
 * (`file 07` = `file 7`), `citext`, `char(n)`.
 *
 * Only printable ASCII has a form: for other characters equality depends on the collation's tables (`ß` = `ss`, `å` = `aa`).
 * Zeros go altogether, not only leading ones: with punctuation ignored, the start of a run of digits cannot be determined.
 */
export function comparableText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST || !/^[\x20-\x7e]+$/.test(value)) return undefined;
  const folded = foldLanguages(value.toLowerCase().replace(/[^a-z1-9]/g, ''));
  return folded === '' ? undefined : `t:${folded}`;
}

const SAME_LETTER: Readonly<Record<string, string>> = { j: 'i', y: 'i', v: 'u', w: 'u' };

/** Hungarian letters and their parts, after {@link SAME_LETTER}: `gy` is `gi`. */
const REPEATED = /([cdglnstz]|cs|dz|dzs|gi|li|ni|sz|ti|zs)\1+/g;

/**
 * Folds what some languages call equal within ASCII: Classical Latin I = J and U = V, Lithuanian I = Y, Swedish V = W.
 *
 * Hungarian doubles its digraphs by their first letter: `ccs` is `cscs`. With ignored blanks between, the start of
 * a digraph cannot be determined, so repetition goes altogether. One repetition removed can bring about another.
 */
function foldLanguages(value: string): string {
  let folded = value.replace(/[jyvw]/g, (letter) => SAME_LETTER[letter] ?? letter);
  for (let before = ''; before !== folded; ) {
    before = folded;
    folded = folded.replace(REPEATED, '$1');
  }
  return folded;
}
