/** One cache, open in one node. Answers are versions of rows. */
export interface ComparedCache {
  /** Answers from the cache, or by `load`. */
  read(key: string, load: () => Promise<number>): Promise<number>;

  /** Changes the origin by `run`, then invalidates `key` in the way that the library documents. */
  write(key: string, run: () => Promise<number>): Promise<number>;

  close(): Promise<void>;
}

/** How a node's cache is opened. */
export interface Opening {
  readonly redisUrl: string;
  /** How long an answer is fresh, in seconds, in every tier. */
  readonly ttl: number;
}

/** A library in one configuration. */
export interface Contestant {
  /** As tables name it: unique. */
  readonly name: string;

  open(opening: Opening): ComparedCache;
}
