import { causesOf } from '@cachetastic/core/adapter';
import { at } from '../objects/entities.js';
import { ARRAY_BUFFER } from './array-buffer.js';
import type { Driver, LocalFile } from './driver.js';
import { listOfRows, plainRow } from './plain-rows.js';

const localFile: LocalFile = {
  isOpenedBy: (database) => at(database, '$client', 'protocol') === 'file',
  isBusy: (error) => causesOf(error).some((cause) => libsql.codeOf(cause)?.startsWith('SQLITE_BUSY')),
};

/** `@libsql/client`: Drizzle takes the rows out of its results in both generations. */
export const libsql: Driver & { readonly localFile: LocalFile } = {
  sessions: ['LibSQLSession'],
  valueTypes: [ARRAY_BUFFER],

  /** Rows have their columns by name and by place. What reads them by place takes lists too. */
  toPlainRow(row) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
    const length = Object.getOwnPropertyDescriptor(row, 'length');
    return length?.enumerable === false ? Array.prototype.slice.call(row) : plainRow(row);
  },

  toPlainRows: (result) => (Array.isArray(result) ? listOfRows(result, libsql) : undefined),
  toDriverResult: ({ rows }) => rows,

  codeOf(error) {
    const code = at(error, 'code');
    return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
  },

  localFile,
};
