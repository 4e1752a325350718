import type { Change } from '../invalidation/change.js';
import type { WriteOutcome } from '../write/write-outcome.js';
import type { Opening } from './opening.js';

/** A write on its way to the database, as an adapter describes it. */
export interface DescribedWrite<Value> {
  readonly run: () => Promise<Value>;
  /** What it did. */
  readonly describe: (outcome: WriteOutcome<Value>) => readonly Change[];
  /** What it may do, asked before it runs if writes are announced. */
  readonly intend: () => readonly Change[];
}

/** Runs a write that commits by itself, whether the cache is open or not. Settles as the write does. */
export function runAlone<Value>(opening: Opening, write: DescribedWrite<Value>): Promise<Value> {
  return opening.track(runTracked(opening, write));
}

async function runTracked<Value>(opening: Opening, { run, describe, intend }: DescribedWrite<Value>): Promise<Value> {
  const cache = opening.opened ?? (await opening.open());
  if (cache !== undefined) return cache.write(run, describe, intend);
  opening.assertUnannounced();
  return runAndTell({ run, describe }, (changes) => opening.settle(changes));
}

/** Runs a write, hands its changes to `take`, and settles as the write did. */
export async function runAndTell<Value>(
  { run, describe }: Pick<DescribedWrite<Value>, 'run' | 'describe'>,
  take: (changes: readonly Change[]) => unknown,
): Promise<Value> {
  let value: Value;
  try {
    value = await run();
  } catch (error) {
    await take(describe({ ok: false, error }));
    throw error;
  }
  await take(describe({ ok: true, value }));
  return value;
}
