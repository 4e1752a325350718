import { newProcessBook, withProcess } from '../process/process-book.js';

/**
 * Plays another process inside this one: caches of different processes hear of each other only through Redis.
 *
 * @example
 * ```ts
 * const other = new SeparateProcess();
 * const there = other.run(() => withCachetastic(drizzle(pool), options));
 * ```
 */
export class SeparateProcess {
  readonly #book = newProcessBook();

  /** Runs `make`, which must be synchronous. The caches, clients and databases that it makes belong to this process. */
  run<Made>(make: () => Made): Made {
    return withProcess(this.#book, make);
  }
}
