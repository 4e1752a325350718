/** What a batch answers for each of its keys, in their order. */
export type BatchLoad<Value> = (keys: readonly string[]) => Promise<readonly PromiseSettledResult<Value>[]>;

interface Lookup<Value> {
  readonly key: string;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the look-ups of one turn of the event loop into one load.
 *
 * All look-ups of a load are answered in the same turn, too: callers that batch what they do next (Prisma joins
 * `findUnique`s of one turn into one statement) still find each other.
 */
export class KeyBatch<Value> {
  readonly #most: number;
  readonly #load: BatchLoad<Value>;
  #waiting: Lookup<Value>[] = [];

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
    for (let from = 0; from < waiting.length; from += this.#most) {
      void this.#answer(waiting.slice(from, from + this.#most));
    }
  }

  async #answer(lookups: readonly Lookup<Value>[]): Promise<void> {
    try {
      const results = await this.#load(lookups.map(({ key }) => key));
      lookups.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason ?? new RangeError('The load left a key unanswered.'));
      });
    } catch (error) {
      for (const { reject } of lookups) reject(error);
    }
  }
}
