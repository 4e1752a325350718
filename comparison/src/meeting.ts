/** Where several wait for each other, once. */
export class Meeting {
  readonly #expected: Set<string>;
  readonly #waiting: Array<() => void> = [];

  constructor(expected: readonly string[]) {
    this.#expected = new Set(expected);
  }

  /** Resolves when everybody else has arrived as well, or will not come. */
  arrive(name: string): Promise<void> {
    const everybody = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.leave(name);
    return everybody;
  }

  /** Nobody has to wait for `name` any more. */
  leave(name: string): void {
    this.#expected.delete(name);
    if (this.#expected.size === 0) for (const go of this.#waiting.splice(0)) go();
  }
}

/** Work that is done one after the other, whoever asks for it. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    // The next one's turn comes in either case, and a failure is for whom it concerns.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
