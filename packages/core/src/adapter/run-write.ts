import type { Change } from '../match/change.js';
import type { WriteOutcome } from '../write/write-outcome.js';
import type { DatabaseCatalogue } from './database-catalogue.js';
import type { LazyCache } from './lazy-cache.js';

/** A write on its way to the database, as an adapter describes it. */
export interface DescribedWrite<Value> {
  readonly run: () => Promise<Value>;
  /** What it changed. */
  readonly describe: (outcome: WriteOutcome<Value>) => readonly Change[];
  /** What it may change; called before it runs, if writes are announced. */
  readonly intend: () => readonly Change[];
}

/** What a write needs of the catalogue before it runs. */
export type RenewedCatalogue = Pick<DatabaseCatalogue, 'isTooOld' | 'renew'>;

/** Runs a write that commits by itself, whether the cache is open or not. Settles as the write does. */
export function runAlone<Value>(
  lazyCache: LazyCache,
  catalogue: RenewedCatalogue,
  write: DescribedWrite<Value>,
): Promise<Value> {
  // While the write waits for the catalogue, the cache does not track it.
  const waits = catalogue.isTooOld;
  return lazyCache.track(runTracked(lazyCache, waits ? () => catalogue.renew() : undefined, write), waits);
}

async function runTracked<Value>(
  lazyCache: LazyCache,
  wait: (() => Promise<void>) | undefined,
  { run, describe, intend }: DescribedWrite<Value>,
): Promise<Value> {
  if (wait !== undefined) await wait();
  const cache = lazyCache.opened ?? (await lazyCache.open());
  if (cache !== undefined) return cache.write(run, describe, intend);
  lazyCache.assertUnannounced();
  return runAndReport({ run, describe }, (changes) => lazyCache.settle(changes));
}

/** Runs a write, passes its changes to `take`, and settles as the write did. */
export async function runAndReport<Value>(
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
