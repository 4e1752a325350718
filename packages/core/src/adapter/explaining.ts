import { AsyncLocalStorage } from 'node:async_hooks';
import type { ReadInfo, ReadObserver } from '../read/query.js';
import type { Explanation } from './cache-control.js';

const NO_READ: ReadInfo = { query: '', status: 'bypass', source: 'origin', reason: 'no-read' };

/** Collects how reads were answered, for `$cache.explain`. */
export class Explaining {
  readonly #collected = new AsyncLocalStorage<ReadObserver>();

  /** Called with how a read that begins now is answered; `undefined` outside of `explain`. */
  get observer(): ReadObserver | undefined {
    return this.#collected.getStore();
  }

  async explain<Value>(work: () => PromiseLike<Value> | Value): Promise<Explanation<Value>> {
    const all: ReadInfo[] = [];
    // Queries of ORMs run only when they are awaited, so they are awaited inside.
    const data = await this.#collected.run(
      (info) => void all.push(info),
      async () => await work(),
    );
    return { data, info: all[0] ?? NO_READ, all };
  }
}
