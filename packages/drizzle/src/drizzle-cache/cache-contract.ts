import { ENTITY_KIND } from '../objects/entities.js';

/** What an application may name when it invalidates by hand: a table of Drizzle's, or its name, with its schema if it has one. */
export type CachedTable = string | object;

/** What {@link CacheContract.onMutate} and `$cache.invalidate` invalidate. */
export interface CacheMutation {
  /** Every cached answer that depends on one of these tables. */
  readonly tables?: CachedTable | readonly CachedTable[] | undefined;
  /** Every cached answer that has one of these tags. */
  readonly tags?: string | readonly string[] | undefined;
}

/** The interface that Drizzle has for caches, in the form that both generations take. Nothing of Drizzle's is loaded. */
export abstract class CacheContract {
  static {
    // How both generations of Drizzle tell their classes, and what stands in for them, from others.
    Reflect.set(CacheContract, ENTITY_KIND, 'Cache');
  }

  /** Whether queries are cached that do not say `$withCache()`. */
  abstract strategy(): 'explicit' | 'all';

  /**
   * @param key - The tag, if the query has one; else what tells its text and parameters from those of others.
   * @param tables - Those that Drizzle found in the query.
   * @returns What the driver answered, or `undefined`: Drizzle runs the query, and then calls {@link put}.
   */
  abstract get(
    key: string,
    tables: readonly string[],
    isTag: boolean,
    isAutoInvalidate?: boolean,
  ): Promise<unknown[] | undefined>;

  /** @param response - What the driver answered. */
  abstract put(
    key: string,
    response: unknown,
    tables: readonly string[],
    isTag: boolean,
    config?: object,
  ): Promise<void>;

  /** A statement changed `tables`, or is about to. */
  abstract onMutate(mutation: CacheMutation): Promise<void>;
}
