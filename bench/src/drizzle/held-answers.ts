import { Cache } from 'drizzle-orm/cache/core';

/** The least that a cache of Drizzle's can do: a map that copies nothing and never forgets. */
export class HeldAnswers extends Cache {
  readonly #held = new Map<string, unknown[]>();

  strategy(): 'explicit' {
    return 'explicit';
  }

  async get(key: string): Promise<unknown[] | undefined> {
    return this.#held.get(key);
  }

  async put(key: string, answer: unknown): Promise<void> {
    this.#held.set(key, answer as unknown[]);
  }

  async onMutate(): Promise<void> {}
}
