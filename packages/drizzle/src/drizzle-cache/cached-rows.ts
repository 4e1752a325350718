import type { PlainRows } from '../driver/driver.js';
import { unlisted } from '../driver/unlisted.js';

/** The result that Drizzle passes to its cache as plain rows; `undefined` for a result of an unknown form. */
export function toCachedRows(response: unknown): PlainRows | undefined {
  // The columns of one row: what they hold must stay what it is.
  if (Array.isArray(response) && response.some(isValue)) return { form: 'list', rows: response };
  return unlisted.toPlainRows(response, false);
}

/**
 * A result that Drizzle can read with any driver, for it does not pass the driver to its cache: a list of rows that is also
 * its own `rows`; a pair if it was one, as only MySQL returns.
 */
export function toDrizzleResult({ form, rows }: PlainRows): unknown[] {
  if (form === 'pair') return [rows, []];
  return Object.defineProperty([...rows], 'rows', { value: rows });
}

function isValue(item: unknown): boolean {
  return item instanceof Date || ArrayBuffer.isView(item) || item instanceof ArrayBuffer;
}
