import type { Driver } from './driver.js';
import { nodePostgres } from './node-postgres.js';
import { listOfRows, plainColumns, plainRow } from './plain-rows.js';

/** `postgres`: a list of rows that has the count and the columns as properties. */
export const postgresJs: Driver = {
  sessions: ['PostgresJsSession'],
  valueTypes: nodePostgres.valueTypes,
  toPlainRow: plainRow,

  toPlainRows(result, whole) {
    if (!Array.isArray(result)) return undefined;
    if (!isCounted(result)) return listOfRows(result, postgresJs);
    const { command, count, columns } = result as unknown as Readonly<Record<string, unknown>>;
    const head = whole ? { command, count, columns: plainColumns(columns) } : undefined;
    return { form: 'counted-list', rows: Array.from(result, plainRow), head };
  },

  toDriverResult({ rows, head }) {
    // As the driver has them: neither among the items of the list, nor printed with it.
    const properties = Object.entries(head ?? {}).map(([name, value]) => [name, { value, writable: true }] as const);
    return Object.defineProperties([...rows], Object.fromEntries(properties));
  },

  codeOf: nodePostgres.codeOf,
  tokenOf: nodePostgres.tokenOf,
};

/** Whether `result` is a list of `postgres`, and not one of rows only. */
export function isCounted(result: readonly unknown[]): boolean {
  return 'command' in result && 'count' in result;
}
