import type { Driver, Expected, PlainRows } from './driver.js';

/** Turns a result into plain rows; `undefined` if it has none, or its form is unknown. */
export function toPlainRows(driver: Driver, result: unknown, expected: Expected): PlainRows | undefined {
  switch (expected.rows) {
    case 'none':
      return undefined;
    case 'one':
      return { form: 'one', rows: result === undefined || result === null ? [] : [driver.toPlainRow(result)] };
    case 'many':
      return expected.unwrapped && Array.isArray(result)
        ? listOfRows(result, driver)
        : driver.toPlainRows(result, expected.whole);
  }
}

/** Turns plain rows back into what the driver would return. */
export function toDriverResult(driver: Driver, rows: PlainRows): unknown {
  if (rows.form === 'one') return rows.rows[0];
  return rows.form === 'list' ? rows.rows : driver.toDriverResult(rows);
}

/** The rows of a plain list. */
export function listOfRows(rows: readonly unknown[], driver: Pick<Driver, 'toPlainRow'>): PlainRows {
  return { form: 'list', rows: rows.map((row) => driver.toPlainRow(row)) };
}

/** A row of a class that a driver makes up as a plain object with the same columns. */
export function plainRow(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  const prototype: unknown = Object.getPrototypeOf(row);
  return prototype === Object.prototype || prototype === null ? row : { ...row };
}

const COLUMN_PARTS = [
  'name',
  'tableID',
  'columnID',
  'dataTypeID',
  'dataTypeSize',
  'dataTypeModifier',
  'format',
  'type',
  'table',
  'number',
];

/** What a driver reports about the columns, as plain objects. */
export function plainColumns(columns: unknown): unknown {
  if (!Array.isArray(columns)) return undefined;
  return columns.map((column: unknown) => {
    if (typeof column !== 'object' || column === null) return column;
    const parts = COLUMN_PARTS.map((part) => [part, Reflect.get(column, part) as unknown] as const);
    return present(
      Object.fromEntries(parts.filter(([, value]) => typeof value !== 'function' && typeof value !== 'object')),
    );
  });
}

/** `properties` without those that are undefined. */
export function present(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
