import { causesOf } from '@cachetastic/core/adapter';
import { at } from '../objects/entities.js';

/** Classes of SQLSTATE after which a statement may still have been done: lost connections, shutdowns, unknown ends. */
const UNCERTAIN = /^(08|57|58|F0|XX|40003)/;

/**
 * Whether a statement that rejected with `error` certainly changed nothing: the database itself refused it.
 *
 * A lost connection or a timeout may have come after the commit, so everything else counts as done.
 */
export function changedNothing(error: unknown): boolean {
  return causesOf(error).some(isRefusal);
}

/** Classes of SQLSTATE after which MySQL has rolled back no more than the statement: a value, a constraint, a name. */
const ONLY_STATEMENT = /^(22|23|42)/;

/**
 * Whether MySQL may have rolled back the whole transaction in which a statement rejected with `error`, as it does after a
 * deadlock. Whoever takes the error and goes on then writes outside of any transaction.
 */
export function mayEndTransaction(error: unknown): boolean {
  const state = causesOf(error)
    .map((cause) => at(cause, 'sqlState'))
    .find((one) => typeof one === 'string');
  return state === undefined || !ONLY_STATEMENT.test(state);
}

function isRefusal(error: unknown): boolean {
  const code = at(error, 'code');
  // PostgreSQL's drivers give the SQLSTATE with the severity that came with it.
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && typeof at(error, 'severity') === 'string') {
    return !UNCERTAIN.test(code);
  }
  // A constraint may have failed after other rows were written: `or fail` and `raise(fail)` leave them.
  if (typeof code === 'string' && /^SQLITE_(ERROR|MISMATCH)/.test(code)) return true;
  const state = at(error, 'sqlState');
  // Of what fails on its way, a table of MyISAM keeps the rows before. This is refused before it begins.
  return typeof state === 'string' && /^42[0-9A-Z]{3}$/.test(state);
}
