import type { Stamp } from '../log/stamp.js';
import type { TierName } from '../telemetry/events.js';
import { MEMORY } from '../tier/memory-tier.js';
import type { Filler } from './filler.js';
import type { Judgment } from './judgment.js';
import type { ResolvedQuery } from './keyed-query.js';
import { type LoadPlan, planLoad } from './load-plan.js';
import type { Load, Origin } from './query.js';
import type { ReadDeps } from './read-deps.js';
import type { Resident } from './resident.js';
import type { ReadResult } from './shared-loads.js';

type LoaderDeps = Pick<ReadDeps, 'tail' | 'clock' | 'events' | 'stats' | 'replicaLag'> & {
  readonly judgment: Judgment;
  readonly filler: Filler;
};

/** How long after a failed load the next one waits while an entry is served instead, in milliseconds. */
export const RETRY_AFTER = 1_000;

/** The value of one load, and whether it may be shared. */
interface Loaded<Value> {
  readonly value: Value;
  /** Why the value belongs to its caller alone; `undefined` if it does not. */
  readonly keptPrivate: string | undefined;
}

/** Loads from the database, and fills the tiers with the result. */
export class Loader {
  readonly #deps: LoaderDeps;

  constructor(deps: LoaderDeps) {
    this.#deps = deps;
  }

  /** Decides where a load of `query` that begins now goes. */
  plan(query: ResolvedQuery<never>['query']): LoadPlan {
    return planLoad(this.#deps.tail, this.#deps.replicaLag, query);
  }

  /** Calls the origin once, counts and reports that. Rejects with exactly what `load` rejected with. */
  async run<Value>(
    { query, key }: ResolvedQuery<Value>,
    load: Load<Value>,
    origin: Origin = 'primary',
  ): Promise<Loaded<Value>> {
    const { events, stats } = this.#deps;
    stats.loads++;
    if (events.heard) events.emit({ type: 'load', query: query.name, key: key.shared(), origin });
    let keptPrivate: string | undefined;
    try {
      const value = await load({
        origin,
        keepPrivate(reason) {
          keptPrivate = reason;
        },
      });
      return { value, keptPrivate };
    } catch (error) {
      stats.loadFailures++;
      if (events.heard) events.emit({ type: 'load-failed', query: query.name, key: key.shared(), error });
      throw error;
    }
  }

  /**
   * Loads at once, by a `plan` made just before, and fills.
   *
   * @param fallback - The entry to serve under `grace` if the load fails.
   */
  async loadAndFill<Value>(
    request: ResolvedQuery<Value>,
    load: Load<Value>,
    { plan, why, fallback }: { plan: LoadPlan; why: string; fallback?: Resident<Value> | undefined },
  ): Promise<ReadResult<Value>> {
    const { judgment, tail, clock } = this.#deps;
    const { footprint, lifetime } = request.query;
    const { stamp, origin, lag } = plan;
    if (stamp === undefined) return this.loadUnkept(request, load, judgment.whyUnconfirmed);
    const unkept = judgment.whyUnkept(footprint);
    if (unkept !== undefined) return this.loadUnkept(request, load, unkept);
    // A replica's result is dated at its maximum lag, so no reader exceeds its own `ttl`.
    const loadedAt = tail.time() - lag;
    let loaded: Loaded<Value>;
    try {
      loaded = await this.run(request, load, origin);
    } catch (error) {
      const usable = fallback !== undefined && judgment.freshnessOf(fallback, lifetime) !== 'expired';
      // A change during the load makes the entry wrong, even while the database is down.
      if (!usable || !tail.isConfirmed() || !judgment.isValid(fallback)) throw error;
      fallback.retryAt = clock.now() + RETRY_AFTER;
      return resultOf(fallback, MEMORY, 'grace');
    }
    return this.#keep(request, loaded, loadedAt, { stamp, why, lag });
  }

  /** Loads and keeps nothing. Concurrent callers may still share the load. */
  async loadUnkept<Value>(request: ResolvedQuery<Value>, load: Load<Value>, why: string): Promise<ReadResult<Value>> {
    const loadedAt = this.#deps.tail.time();
    return this.#keep(request, await this.run(request, load), loadedAt, { why });
  }

  #keep<Value>(
    request: ResolvedQuery<Value>,
    { value, keptPrivate }: Loaded<Value>,
    createdAt: number,
    { stamp, why, lag = 0 }: { readonly stamp?: Stamp; readonly why: string; readonly lag?: number },
  ): ReadResult<Value> {
    const { filler } = this.#deps;
    const result = { source: 'origin', createdAt, lag } as const;
    if (keptPrivate !== undefined || stamp === undefined) filler.notFilled(request, keptPrivate ?? why);
    if (keptPrivate !== undefined) return { ...result, reason: keptPrivate, copy: undefined, value };
    const copy = stamp === undefined ? filler.copierOf(request, value) : filler.fill(request, value, stamp, createdAt);
    if (copy === undefined) return { ...result, reason: 'not-copyable', copy, value };
    return { ...result, reason: why, copy, value: copy() };
  }
}

/** The result of a read, from `resident`. */
export function resultOf<Value>(
  { entry, copy }: Resident<Value>,
  source: TierName,
  stale?: ReadResult<Value>['stale'],
): ReadResult<Value> {
  return { source, createdAt: entry.createdAt, stale, copy, value: copy() };
}
