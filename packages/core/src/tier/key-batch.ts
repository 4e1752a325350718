/** The result of a batch for each of its keys, in their order. */
export type BatchLoad<Value> = (keys: readonly string[]) => Promise<readonly PromiseSettledResult<Value>[]>;

interface Lookup<Value> {
  readonly key: string;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the look-ups of one turn of the event loop into one load.
 *
 * All look-ups of a load are answered in the same turn, too: callers that batch what they do next, `findUnique`s that an ORM
 * joins into one statement for example, still find each other. Loads of one turn are answered in a turn each: thousands of
 * callers that go on at once would hold up everything else in the process.
 */
export class KeyBatch<Value> {
  readonly #most: number;
  readonly #load: BatchLoad<Value>;
  #waiting: Lookup<Value>[] = [];
  readonly #answers: (() => void)[] = [];

  /** @param most How many keys one load takes. More are spread over several. */
  constructor(most: number, load: BatchLoad<Value>) {
    this.#most = most;
    this.#load = load;
  }

  get(key: string): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      // After the promise jobs of this turn: they may bring more look-ups.
      if (this.#waiting.length === 1) void Promise.resolve().then(() => process.nextTick(() => this.#flush()));
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length <= this.#most) {
      void this.#answered(waiting).then((answer) => answer());
      return;
    }
    for (let from = 0; from < waiting.length; from += this.#most) {
      void this.#answered(waiting.slice(from, from + this.#most)).then((answer) => this.#inItsTurn(answer));
    }
  }

  /** Loads what `lookups` ask for. @returns A function that settles them. */
  async #answered(lookups: readonly Lookup<Value>[]): Promise<() => void> {
    try {
      const results = await this.#load(lookups.map(({ key }) => key));
      return () => {
        lookups.forEach(({ resolve, reject }, index) => {
          const result = results[index];
          if (result?.status === 'fulfilled') resolve(result.value);
          else reject(result?.reason ?? new RangeError('The load left a key unanswered.'));
        });
      };
    } catch (error) {
      return () => {
        for (const { reject } of lookups) reject(error);
      };
    }
  }

  /** Calls `answer` in a turn of the event loop in which no other answer is called. */
  #inItsTurn(answer: () => void): void {
    this.#answers.push(answer);
    if (this.#answers.length === 1) this.#answerNext();
  }

  #answerNext(): void {
    this.#answers[0]?.();
    setImmediate(() => {
      this.#answers.shift();
      if (this.#answers.length > 0) this.#answerNext();
    });
  }
}
