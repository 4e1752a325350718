import {
  CacheEvents,
  type CacheListener,
  type CacheStats,
  type Change,
  checkKeys,
  EVERYTHING,
  type Finding,
  InvalidOptionError,
  type Missing,
  type QueryCache,
  type Reason,
  systemClock,
} from '@cachetastic/core';
import { messageOf, openQueryCache } from '@cachetastic/core/adapter';
import type { PlainRows } from '../driver/driver.js';
import { CacheContract, type CacheMutation } from './cache-contract.js';
import { toCachedRows, toDrizzleResult } from './cached-rows.js';
import { lifetimeOf } from './lifetime-of.js';
import { Loads } from './loads.js';
import {
  type DrizzleCacheOptions,
  type DrizzleCachePolicy,
  type ResolvedDrizzleCacheOptions,
  resolveDrizzleCacheOptions,
} from './options.js';
import { RepeatedInvalidation } from './repeated-invalidation.js';
import { changesNamed, changesOf, labelsOf } from './table-names.js';

/**
 * A cache for Drizzle's own option `cache`, for applications that use `$withCache()` and `$cache.invalidate()`. Processes
 * share it, writes invalidate in all of them, and its failures fail no query.
 *
 * `withCachetastic()` does more and has fewer conditions: Drizzle passes neither transactions nor queries to its cache.
 * docs/concepts/drizzle-cache.md says what follows from that.
 *
 * @param input - Options; or a cache of `createQueryCache()`, which the application closes.
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 * @example
 * ```ts
 * const db = drizzle(pool, { cache: drizzleCache({ redis: process.env.REDIS_URL, database: 'shop' }) });
 * const rows = await db.select().from(users).$withCache({ config: { ex: 60 } });
 * ```
 */
export function drizzleCache(input?: DrizzleCacheOptions): DrizzleCache;
export function drizzleCache(input: QueryCache, policy?: DrizzleCachePolicy): DrizzleCache;
export function drizzleCache(
  input: QueryCache | DrizzleCacheOptions = {},
  policy: DrizzleCachePolicy = {},
): DrizzleCache {
  if (isQueryCache(input)) return new DrizzleCache(input, resolveDrizzleCacheOptions(policy, process.env, true), false);
  const options = resolveDrizzleCacheOptions(input, process.env, false);
  const { database = 'drizzle', onEvent, settings, shared } = options;
  const events = new CacheEvents();
  if (onEvent !== undefined) events.on(onEvent);
  const cache = openQueryCache({ ...settings, database, events, shared });
  return new DrizzleCache(cache, options, true);
}

/** What {@link drizzleCache} returns. Drizzle calls `strategy`, `get`, `put` and `onMutate`; the application calls the others. */
export class DrizzleCache extends CacheContract {
  readonly #cache: QueryCache;
  readonly #options: ResolvedDrizzleCacheOptions;
  readonly #own: boolean;
  readonly #loads = new Loads<PlainRows>();
  readonly #repeated: RepeatedInvalidation;

  /** @internal Made by {@link drizzleCache}. */
  constructor(cache: QueryCache, options: ResolvedDrizzleCacheOptions, own: boolean) {
    super();
    this.#cache = cache;
    this.#options = options;
    this.#own = own;
    this.#repeated = new RepeatedInvalidation((changes) => this.#append(changes), systemClock, options.repeatAfter);
  }

  override strategy(): 'explicit' | 'all' {
    return this.#options.all ? 'all' : 'explicit';
  }

  /** Never rejects: a failure is a miss, and an event. */
  override async get(
    key: string,
    tables: readonly string[],
    isTag: boolean,
    isAutoInvalidate = true,
  ): Promise<unknown[] | undefined> {
    const loading = this.#loads.begin(key);
    const finding = await this.#find(key, tables, isTag, isAutoInvalidate);
    if (finding.found) return toDrizzleResult(finding.value);
    loading(finding);
    return undefined;
  }

  /** Caches the result, if `get` was called before it was loaded. Never rejects. */
  override async put(
    key: string,
    response: unknown,
    tables: readonly string[],
    _isTag: boolean,
    config?: object,
  ): Promise<void> {
    const missing = this.#loads.end(key);
    if (missing === undefined) {
      this.#cache.events.emit({ type: 'not-filled', query: nameOf(tables), key, reason: 'load-not-seen' });
      return;
    }
    try {
      const rows = toCachedRows(response);
      if (rows === undefined) missing.keepPrivate('unknown-result');
      else missing.fill(rows, lifetimeOf(config, this.#options.base.lifetime, Date.now()));
    } catch (error) {
      missing.keepPrivate(messageOf(error));
    }
  }

  /** Invalidates what a statement changed. Never rejects: if the log cannot be reached, the changes are delivered later. */
  override async onMutate(mutation: CacheMutation): Promise<void> {
    let changes: readonly Change[];
    try {
      changes = changesOf('onMutate()', mutation);
    } catch (error) {
      this.#cache.events.emit({ type: 'widened', query: 'onMutate', reason: messageOf(error) });
      changes = [EVERYTHING];
    }
    if (changes.length === 0) return;
    await this.#append(changes);
    this.#repeated.add(changes);
  }

  /**
   * `db.$cache.invalidate({ tables, tags })`. A table without its schema is that table in every schema.
   *
   * @throws {@link InvalidOptionError} if it names neither tables nor tags.
   * @throws {@link InvalidationLostError} if the log did not accept it in time; it is queued and delivered later.
   */
  get invalidate(): (what: CacheMutation) => Promise<void> {
    return async (what) => {
      const option = '$cache.invalidate()';
      checkKeys(option, what, ['tables', 'tags']);
      if (what.tables === undefined && what.tags === undefined) {
        throw new InvalidOptionError(option, what, 'at least one of `tables` and `tags`');
      }
      const changes = changesNamed(option, what);
      if (changes.length > 0) await this.#cache.invalidate(changes);
    };
  }

  /** Ignored: Drizzle assigns `onMutate`, which does not report a lost invalidation. */
  set invalidate(_: unknown) {}

  /** Invalidates everything in the namespace. @throws {@link InvalidationLostError} as `invalidate` does. */
  clear(): Promise<void> {
    return this.#cache.clear();
  }

  stats(): CacheStats {
    return this.#cache.stats();
  }

  /** @returns A function that removes the listener. */
  on(listener: CacheListener): () => void {
    return this.#cache.on(listener);
  }

  /** Resolves when no fill and no delivery is running. */
  idle(): Promise<void> {
    return this.#cache.idle();
  }

  /** Repeats the waiting invalidations and disconnects from Redis. Later queries go to the database. Never rejects. */
  async close(): Promise<void> {
    await this.#repeated.flush();
    if (this.#own) await this.#cache.close();
  }

  async #find(
    key: string,
    tables: readonly string[],
    isTag: boolean,
    isAutoInvalidate: boolean,
  ): Promise<Finding<PlainRows>> {
    const named = [...new Set(tables)].sort();
    const name = nameOf(named);
    try {
      const scope = this.#options.scopeOf();
      const refusal = this.#refusalOf(named, isAutoInvalidate, scope);
      if (refusal !== undefined) return this.#bypass(name, refusal);
      const depends = isAutoInvalidate ? named : [];
      return await this.#cache.find<PlainRows>({
        name,
        // Not the key alone: queries on other tables may have the same tag.
        keyParts: ['drizzle-cache', isTag ? 'tag' : 'query', key, named, isAutoInvalidate, scope],
        footprint: {
          dependencies: depends.map((model) => ({ model })),
          tags: [...(isTag ? tagsOf(key) : []), ...labelsOf(depends)],
        },
        // Drizzle passes the lifetime only with `put`.
        lifetime: { ttl: Number.POSITIVE_INFINITY, swr: 0, grace: 0 },
      });
    } catch (error) {
      return this.#bypass(name, `failed: ${messageOf(error)}`);
    }
  }

  #refusalOf(tables: readonly string[], isAutoInvalidate: boolean, scope: string | undefined): Reason | undefined {
    if (this.#options.disabled) return 'disabled';
    if (this.#options.hasScope && scope === undefined) return 'no-scope';
    return isAutoInvalidate && tables.length === 0 ? 'not-analysable: Drizzle names no table' : undefined;
  }

  #bypass(name: string, reason: Reason): Missing<PlainRows> {
    this.#cache.bypass(name, reason);
    return { found: false, fill() {}, keepPrivate() {} };
  }

  /** Resolves when reads of this process see the write. If the log cannot be reached, the changes wait, and an event says so. */
  async #append(changes: readonly Change[]): Promise<void> {
    try {
      // Not `invalidate`, which waits for the first connection to Redis: the write has happened.
      await this.#cache.write(
        async () => {},
        () => changes,
        () => [],
      );
    } catch (error) {
      // A cache of the application throws. Changes that wait for the log do not: another event reports them.
      this.#cache.events.emit({ type: 'tier-failed', tier: 'log', operation: 'append', error });
    }
  }
}

/**
 * The tags of the result for `tag`. On SQLite, 1.0 puts the called method before the tag of the application. Which of the two
 * it is cannot be determined, so the result gets both.
 */
function tagsOf(tag: string): readonly string[] {
  const own = /^(?:all|get|values|run)_(.+)$/s.exec(tag)?.[1];
  return own === undefined ? [tag] : [tag, own];
}

/** The name of a query in events and statistics: `users,posts.select`. */
function nameOf(tables: readonly string[]): string {
  return tables.length === 0 ? 'select' : `${tables.join()}.select`;
}

function isQueryCache(input: QueryCache | DrizzleCacheOptions): input is QueryCache {
  return typeof input === 'object' && input !== null && 'find' in input;
}
