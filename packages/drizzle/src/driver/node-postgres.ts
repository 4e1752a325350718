import { at } from '../objects/entities.js';
import { ARRAY_BUFFER } from './array-buffer.js';
import type { Driver } from './driver.js';
import { listOfRows, plainColumns, plainRow, present } from './plain-rows.js';

/** `pg`, and PGlite and Neon over HTTP, which return results and errors of the same form. */
export const nodePostgres: Driver & Required<Pick<Driver, 'tokenOf'>> = {
  sessions: ['NodePgSession', 'PgliteSession', 'NeonHttpSession'],
  valueTypes: [ARRAY_BUFFER],
  toPlainRow: plainRow,

  toPlainRows(result, whole) {
    if (Array.isArray(result)) return listOfRows(result, nodePostgres);
    if (typeof result !== 'object' || result === null) return undefined;
    const { rows, fields, command, rowCount, oid, affectedRows } = result as Readonly<Record<string, unknown>>;
    if (!Array.isArray(rows)) return undefined;
    const head = whole ? present({ command, rowCount, oid, affectedRows, fields: plainColumns(fields) }) : undefined;
    return { form: 'result', rows: rows.map(plainRow), head };
  },

  toDriverResult: ({ rows, head }) => ({ ...head, rows }),

  /** Drivers of PostgreSQL give the SQLSTATE together with the severity that the server sent. */
  codeOf(error) {
    const code = at(error, 'code');
    const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && typeof at(error, 'severity') === 'string';
    return isState ? code : undefined;
  },

  /**
   * Neon over HTTP sends tokens: in 0.45 a builder passes one with the call, and a prepared query keeps it; in 1.0 the session has
   * it. Builders of 0.45 pass it to any driver of PostgreSQL.
   */
  tokenOf: (holder, argument) => argument ?? at(holder, 'authToken') ?? at(holder, 'options', 'authToken'),
};
