import { at } from '../objects/entities.js';
import { ARRAY_BUFFER } from './array-buffer.js';
import type { Driver } from './driver.js';
import { plainColumns, plainRow } from './plain-rows.js';

/** `mysql2`: rows and columns in a pair; after a write its outcome in place of the rows. */
export const mysql2: Driver = {
  sessions: ['MySql2Session'],
  valueTypes: [ARRAY_BUFFER],
  toPlainRow: plainRow,

  toPlainRows(result, whole) {
    if (!Array.isArray(result)) return undefined;
    const [rows, columns] = result as readonly unknown[];
    if (!Array.isArray(rows)) return undefined;
    return { form: 'pair', rows: rows.map(plainRow), head: whole ? { fields: plainColumns(columns) } : undefined };
  },

  toDriverResult: ({ rows, head }) => [rows, head?.['fields'] ?? []],

  codeOf(error) {
    const state = at(error, 'sqlState');
    return typeof state === 'string' ? state : undefined;
  },
};

/** Whether `result` is certainly a pair of rows and columns: the columns are objects of a class, as no value of a row is. */
export function isPair(result: readonly unknown[]): boolean {
  const [rows, columns] = result;
  if (result.length !== 2 || !Array.isArray(rows) || !Array.isArray(columns) || columns.length === 0) return false;
  return columns.every((column: unknown) => {
    if (typeof column !== 'object' || column === null || !('columnType' in column)) return false;
    return Object.getPrototypeOf(column) !== Object.prototype;
  });
}
