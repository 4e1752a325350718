import type { Driver, PlainRows } from './driver.js';
import { libsql } from './libsql.js';
import { isPair, mysql2 } from './mysql2.js';
import { nodePostgres } from './node-postgres.js';
import { listOfRows } from './plain-rows.js';
import { isCounted, postgresJs } from './postgres-js.js';

/** By the form that only one driver has. */
const BY_FORM: Readonly<Record<string, Driver>> = { pair: mysql2, 'counted-list': postgresJs, result: nodePostgres };

/**
 * A driver that has no record: its results are recognised by their structure, and anything that might be a code or a token
 * is one. A result of an unknown form is not cached.
 */
export const unlisted: Driver = {
  sessions: [],
  valueTypes: libsql.valueTypes,
  toPlainRow: libsql.toPlainRow,
  toPlainRows(result, whole): PlainRows | undefined {
    if (!Array.isArray(result)) return nodePostgres.toPlainRows(result, whole);
    if (isPair(result)) return mysql2.toPlainRows(result, whole);
    return isCounted(result) ? postgresJs.toPlainRows(result, whole) : listOfRows(result, unlisted);
  },
  toDriverResult: (rows) => BY_FORM[rows.form]?.toDriverResult(rows),
  codeOf: (error) => nodePostgres.codeOf(error) ?? libsql.codeOf(error) ?? mysql2.codeOf(error),
  tokenOf: nodePostgres.tokenOf,
  localFile: libsql.localFile,
};
