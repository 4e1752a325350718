import { ENTITY_KIND } from '../objects/entities.js';

/** A Drizzle table, or its name, after its schema if it has one. */
export type CachedTable = string | object;

/** What {@link CacheContract.onMutate} and `$cache.invalidate` invalidate. */
export interface CacheMutation {
  /** Every cached result that depends on one of these tables. */
  readonly tables?: CachedTable | readonly CachedTable[] | undefined;
  /** Every cached result that has one of these tags. */
  readonly tags?: string | readonly string[] | undefined;
}

/** Drizzle's interface for caches, in the form that both generations accept. Nothing of Drizzle's is loaded. */
export abstract class CacheContract {
  static {
    // By this, both generations of Drizzle recognise their classes and replacements of them.
    Reflect.set(CacheContract, ENTITY_KIND, 'Cache');
  }

  /** `all`: queries without `$withCache()` are cached too. */
  abstract strategy(): 'explicit' | 'all';

  /**
   * @param key - The tag of the query, or else a hash of its SQL and parameters.
   * @param tables - The tables that Drizzle found in the query.
   * @returns The result of the driver, or `undefined`: then Drizzle runs the query and calls {@link put}.
   */
  abstract get(
    key: string,
    tables: readonly string[],
    isTag: boolean,
    isAutoInvalidate?: boolean,
  ): Promise<unknown[] | undefined>;

  /** @param response - The result of the driver. */
  abstract put(
    key: string,
    response: unknown,
    tables: readonly string[],
    isTag: boolean,
    config?: object,
  ): Promise<void>;

  /** Called when a statement has changed `tables`, or is about to. */
  abstract onMutate(mutation: CacheMutation): Promise<void>;
}
