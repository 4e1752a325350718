import { AsyncLocalStorage } from 'node:async_hooks';
import type { ReadInfo, ReadObserver } from '../read/query.js';
import type { Explanation } from './cache-control.js';

const NO_READ: ReadInfo = { query: '', status: 'bypass', source: 'origin', reason: 'no-read' };

/** Collects how reads were answered, for `$cache.explain`. */
export class Explaining {
  readonly #collected = new AsyncLocalStorage<ReadObserver>();

  /** Who wants to hear how a read that begins now is answered. */
  get observer(): ReadObserver | undefined {
    return this.#collected.getStore();
  }

  async explain<Value>(work: () => PromiseLike<Value> | Value): Promise<Explanation<Value>> {
    const all: ReadInfo[] = [];
    // Queries of ORMs begin their work when they are awaited, so that has to happen inside.
    const data = await this.#collected.run(
      (info) => void all.push(info),
      async () => await work(),
    );
    return { data, info: all[0] ?? NO_READ, all };
  }
}
