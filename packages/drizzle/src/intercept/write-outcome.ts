import { causesOf } from '@cachetastic/core/adapter';
import type { Parts } from './interception.js';

/**
 * By database, the codes of errors after which a statement has certainly changed nothing.
 *
 * PostgreSQL: all but lost connections, shutdowns, unknown ends, and what a client reports of itself (`HY`). MySQL: statements that are refused before they begin; if
 * one fails on its way, a table of MyISAM keeps the rows before. SQLite: likewise; if a constraint fails, `or fail` and
 * `raise(fail)` keep the rows before.
 */
const REFUSED: Readonly<Record<Parts['provider'], RegExp>> = {
  postgresql: /^(?!08|57|58|F0|HY|XX|40003)[0-9A-Z]{5}$/,
  mysql: /^42[0-9A-Z]{3}$/,
  sqlite: /^SQLITE_(ERROR|MISMATCH)/,
};

/**
 * Whether a statement that rejected with `error` certainly changed nothing, because the database refused it.
 *
 * A lost connection or a timeout may have come after the commit. So after every other error the statement counts as done.
 */
export function changedNothing({ provider, driver }: Pick<Parts, 'provider' | 'driver'>, error: unknown): boolean {
  return causesOf(error).some((cause) => REFUSED[provider].test(driver.codeOf(cause) ?? ''));
}

/** Classes of SQLSTATE after which MySQL has rolled back no more than the statement: a value, a constraint, a name. */
const ONLY_STATEMENT = /^(22|23|42)/;

/**
 * Whether MySQL may have rolled back the whole transaction in which a statement rejected with `error`, as it does after a
 * deadlock. If the caller goes on, it then writes outside of any transaction.
 */
export function mayEndTransaction({ driver }: Pick<Parts, 'driver'>, error: unknown): boolean {
  const state = causesOf(error)
    .map((cause) => driver.codeOf(cause))
    .find((code) => code !== undefined);
  return state === undefined || !ONLY_STATEMENT.test(state);
}
