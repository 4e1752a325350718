import { type DriverRows, takeApart } from '../driver/driver-rows.js';

/** What a driver answered, as data that can be kept; `undefined` for what no driver that we know answers with. */
export function keptAnswer(response: unknown): DriverRows | undefined {
  // The columns of one row: what they hold must stay what it is.
  if (Array.isArray(response) && response.some(isValue)) return { form: 'list', rows: response };
  return takeApart(response, { rows: 'many', whole: false, pair: isPair(response) });
}

/**
 * An answer that every driver's part of Drizzle can read, for a cache is not told whose it serves: a list of rows that
 * is also its own `rows`; in a pair where it came from a pair, as only MySQL's does.
 */
export function givenAnswer({ form, rows }: DriverRows): unknown[] {
  if (form === 'pair') return [rows, []];
  return Object.defineProperty([...rows], 'rows', { value: rows });
}

/** Whether it is of `mysql2`: rows, and what it says of their columns, in objects of a class of its own. */
function isPair(response: unknown): boolean {
  if (!Array.isArray(response) || response.length !== 2) return false;
  const [rows, columns] = response as readonly unknown[];
  if (!Array.isArray(rows) || !Array.isArray(columns) || columns.length === 0) return false;
  return columns.every((column: unknown) => typeof column === 'object' && column !== null && 'columnType' in column);
}

function isValue(item: unknown): boolean {
  return item instanceof Date || ArrayBuffer.isView(item) || item instanceof ArrayBuffer;
}
