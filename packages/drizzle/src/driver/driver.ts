import type { ValueType } from '@cachetastic/core';
import type { DatabaseLike } from '../objects/database.js';

/** What Drizzle expects from the function that runs the driver. */
export interface Expected {
  /** All rows, the first one, or only the outcome of the statement. */
  readonly rows: 'many' | 'one' | 'none';
  /** Whether callers see more of the result than its rows. */
  readonly whole: boolean;
  /** Whether Drizzle takes the rows out of the driver's result before the cache sees it, as 1.0 does where it maps them. */
  readonly unwrapped: boolean;
}

/** What Drizzle expects where it runs the driver by `method` of a prepared query. */
export function rowsOfMethod(method: string): Expected['rows'] {
  if (method === 'run') return 'none';
  return method === 'get' ? 'one' : 'many';
}

/** A driver's result as plain data, which can be cached, copied and turned back. */
export interface PlainRows {
  readonly rows: readonly unknown[];
  /** What callers see beside the rows: the count and the columns of raw SQL. */
  readonly head?: Readonly<Record<string, unknown>> | undefined;
  /** How the result is put together again. Every driver names its own forms beside `one` and `list`. */
  readonly form: string;
}

/**
 * Everything that is specific to one driver of Drizzle. To add a driver, write such a record in a file of its own and list
 * it in `drivers.ts`. A driver without a record is treated as `unlisted.ts` says.
 */
export interface Driver {
  /** What Drizzle calls the classes of the driver's sessions, for example `'NodePgSession'`. */
  readonly sessions: readonly string[];

  /**
   * Turns a result of the driver into plain rows.
   *
   * @param whole - Whether callers see more of the result than its rows: then the rest is kept in `head`.
   * @returns `undefined` for a result of an unknown form, which is not cached.
   */
  toPlainRows(result: unknown, whole: boolean): PlainRows | undefined;

  /** Turns what {@link toPlainRows} returned back into what the driver would return. */
  toDriverResult(rows: PlainRows): unknown;

  /** Turns one row into a plain object or a list. */
  toPlainRow(row: unknown): unknown;

  /** Values of classes that the driver returns and the cache does not know, so that they can be copied and encoded. */
  readonly valueTypes: readonly ValueType[];

  /**
   * The code that the database gave to an error of the driver: a SQLSTATE, or a name such as `SQLITE_ERROR`. `undefined`
   * for any other error, after which the statement may have been executed.
   */
  codeOf(error: unknown): string | undefined;

  /**
   * The token by which the database decides what a query sees. Absent: the driver sends none.
   *
   * @param holder - A session, or a prepared query.
   * @param argument - What a builder of Drizzle 0.45 passes to the prepared query with its values.
   */
  tokenOf?(holder: unknown, argument?: unknown): unknown;

  /** For SQLite. Absent: the driver opens no files. */
  readonly localFile?: LocalFile;
}

/** A SQLite database that is a file of this machine. */
export interface LocalFile {
  /**
   * Whether the driver opened the database as a file of this machine, so that the path of the file identifies it. A path
   * on a server may be that of several databases.
   */
  isOpenedBy(database: DatabaseLike): boolean;

  /** Whether a statement failed with `error` because another connection holds a lock, and left an old snapshot open. */
  isBusy(error: unknown): boolean;
}
