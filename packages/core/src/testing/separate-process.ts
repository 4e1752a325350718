import type { Clock } from '../clock.js';
import { newProcessBook, type ProcessBook, withProcess } from '../process/process-book.js';

/**
 * Plays another process inside this one: caches of different processes learn of each other's writes only through Redis.
 *
 * @example
 * ```ts
 * const other = new SeparateProcess();
 * const there = other.run(() => withCachetastic(drizzle(pool), options));
 * ```
 */
export class SeparateProcess {
  readonly #book: ProcessBook;

  /** @param clock - By which its clients decide when to read the database's catalogue again. Everything else uses the system's. */
  constructor({ clock }: { readonly clock?: Clock | undefined } = {}) {
    this.#book = newProcessBook(clock);
  }

  /** Runs `make`, which must be synchronous. The caches, clients and databases that it makes belong to this process. */
  run<Value>(make: () => Value): Value {
    return withProcess(this.#book, make);
  }
}
