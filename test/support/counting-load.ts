import { type Held, held } from './held.js';

/** An origin that counts its loads and answers at once, or when it is let. */
export class CountingLoad<Value> {
  calls = 0;
  readonly #answer: () => Value;
  #held: Held<void> | undefined;

  constructor(answer: () => Value) {
    this.#answer = answer;
  }

  /** Reads the answer when it is called, and hands it over when it is released: as a database's snapshot does. */
  readonly load = async (): Promise<Value> => {
    this.calls++;
    const value = this.#answer();
    await this.#held?.promise;
    return value;
  };

  hold(): void {
    this.#held = held();
  }

  release(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  fail(error: unknown): void {
    this.#held?.fail(error);
    this.#held = undefined;
  }
}
