import {
  CacheEvents,
  type CacheListener,
  type CacheStats,
  type Change,
  checkKeys,
  createQueryCache,
  EVERYTHING,
  type Finding,
  InvalidOptionError,
  type Missing,
  type QueryCache,
  type Reason,
  systemClock,
} from '@cachetastic/core';
import { messageOf } from '@cachetastic/core/adapter';
import type { PlainRows } from '../driver/driver.js';
import { givenAnswer, keptAnswer } from './answer.js';
import { CacheContract, type CacheMutation } from './cache-contract.js';
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
 * A cache for Drizzle's own option `cache`, for applications that use `$withCache()` and `$cache.invalidate()`: shared by
 * processes, invalidated in all of them, and no failure of it fails a query.
 *
 * `withCachetastic()` does more, and has fewer conditions: Drizzle tells its cache neither of transactions nor what a
 * query is. docs/concepts/drizzle-cache.md says what follows from that.
 *
 * @param given - Options; or a cache of `createQueryCache()`, which stays yours to close.
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 * @example
 * ```ts
 * const db = drizzle(pool, { cache: drizzleCache({ redis: process.env.REDIS_URL, database: 'shop' }) });
 * const rows = await db.select().from(users).$withCache({ config: { ex: 60 } });
 * ```
 */
export function drizzleCache(given?: DrizzleCacheOptions): DrizzleCache;
export function drizzleCache(given: QueryCache, policy?: DrizzleCachePolicy): DrizzleCache;
export function drizzleCache(
  given: QueryCache | DrizzleCacheOptions = {},
  policy: DrizzleCachePolicy = {},
): DrizzleCache {
  if (isQueryCache(given)) return new DrizzleCache(given, resolveDrizzleCacheOptions(policy, process.env, true), false);
  const options = resolveDrizzleCacheOptions(given, process.env, false);
  const { database = 'drizzle', onEvent, observe: _, intents: __, ...others } = options.given;
  const events = new CacheEvents();
  if (onEvent !== undefined) events.on(onEvent);
  const cache = createQueryCache({ ...others, database, events, shared: options.shared });
  return new DrizzleCache(cache, options, true);
}

/** What {@link drizzleCache} makes. Drizzle calls `strategy`, `get`, `put` and `onMutate`; the rest is yours. */
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

  /** Never rejects: what goes wrong is a miss, and an event. */
  override async get(
    key: string,
    tables: readonly string[],
    isTag: boolean,
    isAutoInvalidate = true,
  ): Promise<unknown[] | undefined> {
    const loading = this.#loads.begin(key);
    const finding = await this.#find(key, tables, isTag, isAutoInvalidate);
    if (finding.found) return givenAnswer(finding.value);
    loading(finding);
    return undefined;
  }

  /** Keeps the answer if `get` was asked for it before it was loaded. Never rejects. */
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
      const answer = keptAnswer(response);
      if (answer === undefined) missing.keepPrivate('unknown-answer');
      else missing.fill(answer, lifetimeOf(config, this.#options.base.lifetime, Date.now()));
    } catch (error) {
      missing.keepPrivate(messageOf(error));
    }
  }

  /** Invalidates what a statement changed. Never rejects: what is not delivered now is delivered later. */
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
   * @throws {@link InvalidOptionError} for what names nothing.
   * @throws {@link InvalidationLostError} if the log did not take it in time; it is kept and delivered when it can be.
   */
  get invalidate(): (what: CacheMutation) => Promise<void> {
    return async (what) => {
      const option = '$cache.invalidate()';
      checkKeys(option, what, ['tables', 'tags']);
      if (what.tables === undefined && what.tags === undefined) {
        throw new InvalidOptionError(option, what, 'what to invalidate: `tables` or `tags`');
      }
      const changes = changesNamed(option, what);
      if (changes.length > 0) await this.#cache.invalidate(changes);
    };
  }

  /** Drizzle puts `onMutate` in this place, which tells nobody of an invalidation that was lost. */
  set invalidate(_: unknown) {}

  /** Invalidates everything in the namespace. @throws {@link InvalidationLostError} as `invalidate` does. */
  clear(): Promise<void> {
    return this.#cache.clear();
  }

  stats(): CacheStats {
    return this.#cache.stats();
  }

  /** @returns A function that stops the listening. */
  on(listener: CacheListener): () => void {
    return this.#cache.on(listener);
  }

  /** Resolves when no fill or delivery is under way. */
  idle(): Promise<void> {
    return this.#cache.idle();
  }

  /** Repeats what is to be repeated, and lets go of Redis. Queries go to the database from then on. Never rejects. */
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
        // Not by the key alone: queries on other tables may have the same tag.
        keyParts: ['drizzle-cache', isTag ? 'tag' : 'query', key, named, isAutoInvalidate, scope],
        footprint: {
          dependencies: depends.map((model) => ({ model })),
          tags: [...(isTag ? tagsOf(key) : []), ...labelsOf(depends)],
        },
        // How long it is kept is told only when it is put.
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

  /** Resolves when this process reads what was written. What is not delivered by then waits, and an event says so. */
  async #append(changes: readonly Change[]): Promise<void> {
    try {
      // The write has happened. `invalidate` would let it wait for the first connection to Redis.
      await this.#cache.write(
        async () => {},
        () => changes,
        () => [],
      );
    } catch (error) {
      // Of what waits for the log, another event has told. This is a cache of the application's own that throws.
      this.#cache.events.emit({ type: 'tier-failed', tier: 'log', operation: 'append', error });
    }
  }
}

/**
 * What the answer for a `tag` is found by when it is invalidated. On SQLite, 1.0 puts the method that is called before
 * what the application said; nobody tells which of the two a tag is.
 */
function tagsOf(tag: string): readonly string[] {
  const said = /^(?:all|get|values|run)_(.+)$/s.exec(tag)?.[1];
  return said === undefined ? [tag] : [tag, said];
}

/** What events and statistics call a query: `users,posts.select`. */
function nameOf(tables: readonly string[]): string {
  return tables.length === 0 ? 'select' : `${tables.join()}.select`;
}

function isQueryCache(given: QueryCache | DrizzleCacheOptions): given is QueryCache {
  return typeof given === 'object' && given !== null && 'find' in given;
}
