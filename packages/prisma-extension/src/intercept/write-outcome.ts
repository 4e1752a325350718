import { privateOf } from '../client/prisma-client.js';

/** Codes of Prisma for statements that the database, or Prisma before it, refused. */
const REFUSED: ReadonlySet<unknown> = new Set([
  'P2000', // too long for the column
  'P2001', // no such record
  'P2002', // unique constraint
  'P2003', // foreign key constraint
  'P2004', // another constraint
  'P2005', // a stored value does not fit
  'P2006', // a given value does not fit
  'P2007', // invalid data
  'P2009', // invalid query
  'P2011', // null constraint
  'P2012', // a value is missing
  'P2013', // an argument is missing
  'P2014', // a required relation would break
  'P2015', // a related record is missing
  'P2016', // the query cannot be interpreted
  'P2018', // connected records are missing
  'P2019', // input error
  'P2020', // out of range
  'P2021', // no such table
  'P2022', // no such column
  'P2025', // a record it depends on is missing
  'P2034', // deadlock or write conflict
]);

/**
 * Whether a write that rejected with `error` certainly changed nothing.
 *
 * A lost connection or a timeout may have come after the commit, so everything that is not known to be a refusal counts as
 * done. Operations on many rows may be cut into several statements, of which only the last was refused. So may nested
 * writes: alone they are rolled back together, as far as the tables can, but a transaction of the caller's keeps the ones
 * before, if it goes on. Raw SQL may have committed what stood before it in a batch.
 */
export function changedNothing(operation: string, error: unknown, insideTransaction: boolean): boolean {
  const name = privateOf(error, 'name');
  if (name === 'PrismaClientValidationError') return true;
  if (insideTransaction || /Many|Raw/.test(operation)) return false;
  return isRefusal(error);
}

/** Whether a database of `provider` rolls back a whole transaction by itself, and lets its connection write on: after a deadlock. */
export function endsTransactions(provider: string | undefined): boolean {
  return provider === 'mysql' || provider === 'sqlserver';
}

/** Whether such a database may have done so when a statement rejected with `error`. What is written after it commits by itself. */
export function mayEndTransaction(error: unknown): boolean {
  if (privateOf(error, 'name') === 'PrismaClientValidationError') return false;
  return !isRefusal(error) || privateOf(error, 'code') === 'P2034';
}

function isRefusal(error: unknown): boolean {
  return privateOf(error, 'name') === 'PrismaClientKnownRequestError' && REFUSED.has(privateOf(error, 'code'));
}
