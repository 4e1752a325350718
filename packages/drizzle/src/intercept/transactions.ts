import type { Parts } from './interception.js';
import { TransactionScope } from './transaction-scope.js';

/** Begins a transaction or a savepoint, passes it to `work`, and settles when it has ended. */
export type Begin<Transaction> = (work: (transaction: Transaction) => Promise<unknown>) => Promise<unknown>;

/** The callback of the application, with the scope that holds its changes back. */
type Work<Transaction> = (transaction: Transaction, scope: TransactionScope) => unknown;

/** Runs a transaction, and invalidates once after its commit. Settles as it does. */
export async function runTransaction<Transaction>(
  { lazyCache, catalogue }: Pick<Parts, 'lazyCache' | 'catalogue'>,
  begin: Begin<Transaction>,
  work: Work<Transaction>,
): Promise<unknown> {
  // Not inside: the transaction may hold the only connection, and identifying the database needs one.
  await lazyCache.open();
  const changes = lazyCache.transaction();
  const scope = new TransactionScope(changes.ended, catalogue);
  let done = false;
  let answer: unknown;
  try {
    answer = await begin(async (transaction) => {
      const result = await work(transaction, scope);
      scope.moveTo(changes);
      await changes.announce();
      done = true;
      return result;
    });
  } catch (error) {
    // If the callback had finished, the commit failed, before or after it took effect.
    scope.moveTo(changes);
    if (done || scope.isLasting) await changes.uncertain();
    else await changes.rollback();
    throw error;
  }
  await changes.commit();
  return answer;
}

/** Runs a savepoint: its changes belong to the transaction, unless the savepoint is rolled back. */
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
      const result = await work(transaction, scope);
      done = true;
      return result;
    });
  } catch (error) {
    if (done || scope.isLasting) scope.moveTo(outer);
    else scope.forget(outer);
    throw error;
  }
  scope.moveTo(outer);
  return answer;
}
