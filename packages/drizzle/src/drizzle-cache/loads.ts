import { AsyncLocalStorage } from 'node:async_hooks';
import type { Missing } from '@cachetastic/core';

/** What one call of `get` leaves for the `put` that belongs to it. */
interface Load<Value> {
  readonly key: string;
  missing: Missing<Value> | undefined;
}

/**
 * Which `get` a `put` belongs to. Drizzle calls them one after the other in one asynchronous function and passes nothing
 * from one to the other; many run at once for one key, and a failed query calls no `put`. What they have in common is the
 * context that they run in.
 */
export class Loads<Value> {
  readonly #context = new AsyncLocalStorage<Load<Value>>();

  /**
   * Begins a load of `key` in the context of the caller. To be called before anything is waited for.
   *
   * @returns Takes down what is to be done with what it brings.
   */
  begin(key: string): (missing: Missing<Value>) => void {
    const load: Load<Value> = { key, missing: undefined };
    this.#context.enterWith(load);
    return (missing) => {
      load.missing = missing;
    };
  }

  /** What to do with the answer for `key` that the caller loaded, once; `undefined` if nobody knows when he began. */
  end(key: string): Missing<Value> | undefined {
    const load = this.#context.getStore();
    if (load?.key !== key) return undefined;
    const { missing } = load;
    load.missing = undefined;
    return missing;
  }
}
