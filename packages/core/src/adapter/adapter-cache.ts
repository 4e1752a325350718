import { checkKeys } from '../check-keys.js';
import { InvalidOptionError } from '../errors.js';
import { type Change, EVERYTHING } from '../match/change.js';
import type { CacheEvents, CacheListener } from '../telemetry/events.js';
import type { CacheStats } from '../telemetry/stats.js';
import type { CacheControl, Explanation } from './cache-control.js';
import type { Explaining } from './explaining.js';
import type { LazyCache } from './lazy-cache.js';
import { parseNames } from './names-and-scope.js';

/** What an {@link AdapterCache} works with. */
export interface AdapterCacheParts {
  readonly lazyCache: LazyCache;
  readonly events: CacheEvents;
  readonly explaining: Explaining;
  /** What a manual invalidation names: `'models'`, `'tables'`. */
  readonly subject: string;
  /** The changes that invalidate all of `named`. @throws {@link InvalidOptionError} for a name that the schema lacks. */
  readonly whole: (option: string, named: unknown) => readonly Change[];
  /** Whether `tags` may be one string. @defaultValue `false` */
  readonly oneTag?: boolean | undefined;
  /** Receives manual invalidations. @defaultValue the cache, at once */
  readonly deliver?: ((changes: readonly Change[]) => Promise<void>) | undefined;
}

/** The `$cache` of an adapter. */
export class AdapterCache<Invalidation> implements CacheControl<Invalidation> {
  readonly #parts: AdapterCacheParts;

  constructor(parts: AdapterCacheParts) {
    this.#parts = parts;
  }

  async invalidate(what: Invalidation): Promise<void> {
    await this.#deliver(this.#changesOf(what));
  }

  clear(): Promise<void> {
    return this.#deliver([EVERYTHING]);
  }

  explain<Value>(work: () => PromiseLike<Value> | Value): Promise<Explanation<Value>> {
    return this.#parts.explaining.explain(work);
  }

  stats(): CacheStats {
    return this.#parts.lazyCache.stats();
  }

  on(listener: CacheListener): () => void {
    return this.#parts.events.on(listener);
  }

  async idle(): Promise<void> {
    await this.#parts.lazyCache.opened?.idle();
  }

  close(): Promise<void> {
    return this.#parts.lazyCache.close();
  }

  #deliver(changes: readonly Change[]): Promise<void> {
    const { deliver, lazyCache } = this.#parts;
    return deliver === undefined ? lazyCache.invalidate(changes) : deliver(changes);
  }

  #changesOf(what: unknown): readonly Change[] {
    const { subject, whole, oneTag } = this.#parts;
    const option = '$cache.invalidate()';
    checkKeys(option, what, [subject, 'tags', 'everything']);
    const { [subject]: named, tags, everything } = what as Readonly<Record<string, unknown>>;
    if (everything !== undefined && typeof everything !== 'boolean') {
      throw new InvalidOptionError(`${option}.everything`, everything, 'true or false');
    }
    if (named === undefined && tags === undefined && everything === undefined) {
      throw new InvalidOptionError(option, what, `at least one of \`${subject}\`, \`tags\` and \`everything\``);
    }
    const changes = whole(`${option}.${subject}`, named);
    const labels = parseNames(
      `${option}.tags`,
      oneTag === true && typeof tags === 'string' ? [tags] : tags,
      'tags',
    ).map((tag): Change => ({ kind: 'tag', tag }));
    return everything === true ? [EVERYTHING] : [...changes, ...labels];
  }
}
