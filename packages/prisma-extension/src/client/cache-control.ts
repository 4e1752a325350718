import type { CacheListener, CacheStats, ReadInfo } from '@cachetastic/core';

/** What {@link CacheControl.invalidate} invalidates. */
export interface Invalidation {
  /** Every cached answer that depends on one of these models, by Prisma's name for them. */
  readonly models?: readonly string[] | undefined;
  /** Every cached answer that carries one of these labels. */
  readonly tags?: readonly string[] | undefined;
  /** Every cached answer of the namespace. */
  readonly everything?: boolean | undefined;
}

/** What {@link CacheControl.explain} found. */
export interface Explanation<Value> {
  readonly data: Value;
  /** How the first read was answered. */
  readonly info: ReadInfo;
  /** How each read was answered, in the order of the answers. */
  readonly all: readonly ReadInfo[];
}

/** `db.$cache`: the cache of a client. */
export interface CacheControl {
  /**
   * Invalidates by hand what a change outside the library made wrong.
   *
   * @throws {@link InvalidOptionError} for a model that the schema lacks.
   * @throws {@link InvalidationLostError} if the log did not take it in time; it is kept and delivered when it can be.
   */
  invalidate(what: Invalidation): Promise<void>;
  /** Invalidates everything in the namespace. @throws {@link InvalidationLostError} as `invalidate` does. */
  clear(): Promise<void>;
  /** Runs `work` and tells how each read in it was answered, and why. */
  explain<Value>(work: () => PromiseLike<Value> | Value): Promise<Explanation<Value>>;
  stats(): CacheStats;
  /** @returns A function that stops the listening. */
  on(listener: CacheListener): () => void;
  /** Resolves when no fill, refresh or delivery is under way. */
  idle(): Promise<void>;
  /** Delivers what is queued, and lets go of Redis. The next query opens the cache again. */
  close(): Promise<void>;
}
