import { AsyncLocalStorage } from 'node:async_hooks';
import type { Missing } from '@cachetastic/core';

/** What one call of `get` leaves for its `put`. */
interface Load<Value> {
  readonly key: string;
  missing: Missing<Value> | undefined;
}

/**
 * Finds the `get` that a `put` belongs to.
 *
 * Drizzle calls both in one asynchronous function, and passes nothing from one to the other. Many calls may run at once for
 * one key, and a failed query calls no `put`. So they are matched by their asynchronous context.
 */
export class Loads<Value> {
  readonly #context = new AsyncLocalStorage<Load<Value>>();

  /**
   * Begins a load of `key` in the context of the caller. Call it before the first `await`.
   *
   * @returns A function that takes what {@link end} returns.
   */
  begin(key: string): (missing: Missing<Value>) => void {
    const load: Load<Value> = { key, missing: undefined };
    this.#context.enterWith(load);
    return (missing) => {
      load.missing = missing;
    };
  }

  /** What to do with the result for `key`, once; `undefined` if no load of it began in the context of the caller. */
  end(key: string): Missing<Value> | undefined {
    const load = this.#context.getStore();
    if (load?.key !== key) return undefined;
    const { missing } = load;
    load.missing = undefined;
    return missing;
  }
}
