/** Work in the background that no caller waits for, except in `idle()` and `close()`. */
export class BackgroundTasks {
  readonly #running = new Set<Promise<void>>();

  /** How many run now. */
  get size(): number {
    return this.#running.size;
  }

  /** Keeps track of `task`, which handles its own failures. */
  add(task: Promise<void>): void {
    const tracked = task.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Resolves when no task runs any more, tasks added meanwhile included. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
