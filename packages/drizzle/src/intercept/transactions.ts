import type { Parts } from './interception.js';
import { TransactionScope } from './transaction-scope.js';

/** Begins a transaction or a savepoint, gives it to `work`, and settles when it has ended. */
export type Begin<Transaction> = (work: (transaction: Transaction) => Promise<unknown>) => Promise<unknown>;

/** What runs in it, given what holds its changes back. */
type Work<Transaction> = (transaction: Transaction, scope: TransactionScope) => unknown;

/** Runs a transaction, and invalidates once after its commit. Settles as it does. */
export async function runTransaction<Transaction>(
  { opening, catalogue }: Pick<Parts, 'opening' | 'catalogue'>,
  begin: Begin<Transaction>,
  work: Work<Transaction>,
): Promise<unknown> {
  // Not inside: the transaction may hold the only connection, and asking who the database is needs another.
  await opening.open();
  const changes = opening.transaction();
  const scope = new TransactionScope(changes.ended, catalogue);
  let done = false;
  let answer: unknown;
  try {
    answer = await begin(async (transaction) => {
      const given = await work(transaction, scope);
      scope.moveTo(changes);
      await changes.announce();
      done = true;
      return given;
    });
  } catch (error) {
    // When the callback was done, only the commit can have failed, and nobody knows on which side of it.
    scope.moveTo(changes);
    if (done || scope.isLasting) await changes.uncertain();
    else await changes.rollback();
    throw error;
  }
  await changes.commit();
  return answer;
}

/** Runs a savepoint inside of `outer`: what it changed counts with the transaction, unless it is rolled back. */
export async function runSavepoint<Transaction>(
  outer: TransactionScope,
  begin: Begin<Transaction>,
  work: Work<Transaction>,
): Promise<unknown> {
  const scope = outer.inner();
  let done = false;
  let answer: unknown;
  try {
    answer = await begin(async (transaction) => {
      const given = await work(transaction, scope);
      done = true;
      return given;
    });
  } catch (error) {
    if (done || scope.isLasting) scope.moveTo(outer);
    else scope.forget(outer);
    throw error;
  }
  scope.moveTo(outer);
  return answer;
}
