import type { Lifetime } from '../entry/lifetime.js';
import type { Reason, TierName } from '../telemetry/events.js';
import { MEMORY } from '../tier/memory-tier.js';
import type { Judgment } from './judgment.js';
import { type KeyedQuery, type ResolvedQuery, resolveQuery } from './keyed-query.js';
import { type Loader, RETRY_AFTER, resultOf } from './loader.js';
import type { Lookup } from './lookup.js';
import type { Projections } from './projections.js';
import type { Load, ReadObserver } from './query.js';
import type { ReadDeps } from './read-deps.js';
import type { ReadReport } from './read-report.js';
import type { Resident } from './resident.js';
import { type BegunLoad, type ReadResult, type SharedLoad, SharedLoads } from './shared-loads.js';
import type { StrongReads } from './strong-reads.js';

/** What {@link ReadThrough} works with. */
export interface ReadThroughDeps extends Pick<ReadDeps, 'tail' | 'clock' | 'background' | 'onHit'> {
  readonly judgment: Judgment;
  readonly lookup: Lookup;
  readonly loader: Loader;
  readonly projections: Projections;
  readonly strong: StrongReads;
  readonly report: ReadReport;
}

/**
 * The path of a read: memory, a load in flight, the shared tier, the database.
 *
 * The log decides whether an entry is valid, its times whether it is fresh. An entry that is not valid is never served,
 * neither under `swr` nor under `grace`.
 */
export class ReadThrough {
  readonly #deps: ReadThroughDeps;
  readonly #judgment: Judgment;
  readonly #lookup: Lookup;
  readonly #report: ReadReport;
  readonly #loads: SharedLoads;
  /** The keys of the entries that a refresh is loading again. */
  readonly #refreshing = new Set<string>();

  constructor(deps: ReadThroughDeps) {
    this.#deps = deps;
    this.#judgment = deps.judgment;
    this.#lookup = deps.lookup;
    this.#report = deps.report;
    this.#loads = new SharedLoads(deps.tail, deps.clock);
  }

  /** Returns a hit in memory synchronously. Rejects only with what `load` or working out the footprint rejected with. */
  read<Value>(
    request: KeyedQuery<Value>,
    load: Load<Value>,
    observe: ReadObserver | undefined,
  ): Value | Promise<Value> {
    if (request.query.consistency === 'strong') return this.#readOn(request, load, observe, undefined);
    const { tail, clock } = this.#deps;
    const now = clock.now();
    const resident = this.#lookup.inMemory<Value>(request.key.local);
    if (resident === undefined || !tail.isConfirmed(now)) return this.#readOn(request, load, observe, resident);
    if (!this.#judgment.isValid(resident)) {
      this.#lookup.drop(request.key.local);
      return this.#readOn(request, load, observe, undefined, 'invalidated');
    }
    const freshness = this.#judgment.freshnessOf(resident, request.query.lifetime, now);
    if (freshness === 'fresh') return this.#serve(request, load, resident, observe);
    if (freshness === 'stale') {
      this.#refresh(request, load, resident);
      return this.#serve(request, load, resident, observe, 'swr');
    }
    if (freshness === 'grace' && now < resident.retryAt) return this.#serve(request, load, resident, observe, 'grace');
    return this.#readOn(request, load, observe, resident, 'expired');
  }

  /** Loads from the database without using the cache. */
  async pass<Value>(
    query: string,
    reason: Reason,
    load: Load<Value>,
    observe: ReadObserver | undefined,
  ): Promise<Value> {
    this.#report.bypass(query, reason, observe);
    return load({ origin: 'primary', keepPrivate() {} });
  }

  #serve<Value>(
    request: KeyedQuery<Value>,
    load: Load<Value>,
    resident: Resident<Value>,
    observe: ReadObserver | undefined,
    stale?: 'swr' | 'grace',
  ): Value {
    const { entry } = resident;
    const { projection } = request.query;
    this.#deps.onHit?.(request, load, resident, MEMORY);
    this.#report.hit(request, { source: MEMORY, createdAt: entry.createdAt, stale }, entry.footprint, observe);
    if (projection === undefined) return resident.copy();
    return this.#deps.projections.serve(request.key.local, resident, projection);
  }

  /** The asynchronous part of a read. */
  async #readOn<Value>(
    keyed: KeyedQuery<Value>,
    load: Load<Value>,
    observe: ReadObserver | undefined,
    resident: Resident<Value> | undefined,
    why = 'absent',
  ): Promise<Value> {
    // Before the first `await`: afterwards the caller may have changed the arguments.
    const request = resolveQuery(keyed);
    if (typeof request === 'string') return this.pass(keyed.query.name, request, load, observe);
    if (request.query.consistency === 'strong') return this.#deps.strong.read(request, load, observe);
    const joined = this.#loads.get<Value>(request.key.local);
    if (joined !== undefined && this.#mayJoin(joined)) return this.#join(joined, request, load, observe);
    const { footprint } = request.query;
    const started = this.#loads.start<Value>(request.key.local, footprint, (begun) =>
      this.#lookUpOrLoad(begun, request, load, { resident, why }),
    );
    const result = await started.result;
    if (result.source === 'origin' && result.stale === undefined) {
      this.#report.loaded(request, result.reason ?? why, observe);
    } else this.#report.hit(request, result, footprint, observe);
    return result.value;
  }

  async #join<Value>(
    joined: SharedLoad<Value>,
    request: ResolvedQuery<Value>,
    load: Load<Value>,
    observe: ReadObserver | undefined,
  ): Promise<Value> {
    const { copy, ...result } = await joined.result;
    if (!this.#isYoungEnough(result, request.query.lifetime)) return this.read(request, load, observe);
    if (copy !== undefined) {
      this.#report.coalesced(request, result, observe);
      return copy();
    }
    this.#report.miss(request, 'not-shared');
    const { value } = await this.#deps.loader.run(request, load);
    this.#report.loaded(request, 'not-shared', observe);
    return value;
  }

  /**
   * Whether a new caller may share a load that began earlier: judged like an entry with that load's stamp, whose rows
   * are not known.
   *
   * While the log cannot be confirmed, a load younger than the bound on staleness keeps within that bound, if this
   * process has changed nothing since. A load from a replica does not: its result may have used up the bound at the start.
   */
  #mayJoin({ stamp, footprint, startedAt, localCommits, origin }: SharedLoad<unknown>): boolean {
    const { tail, clock } = this.#deps;
    const now = clock.now();
    if (tail.isConfirmed(now) && stamp !== undefined) return tail.isUnaffected(stamp, footprint);
    if (origin === 'any') return false;
    return localCommits === tail.localCommits && now - startedAt <= tail.maxStaleness;
  }

  /** Whether a result is young enough for another reader that wants `lifetime`. A result of the primary always is. */
  #isYoungEnough(
    { source, stale, createdAt, lag = 0 }: Omit<ReadResult<unknown>, 'copy'>,
    lifetime: Lifetime,
  ): boolean {
    if (source === 'origin') return lag === 0 || lag < lifetime.ttl;
    const age = this.#deps.tail.time() - createdAt;
    return age < lifetime.ttl + (stale === 'swr' || stale === 'grace' ? lifetime[stale] : 0);
  }

  /** The work of one shared load. It keeps `begun` up to date for callers that want to join. */
  async #lookUpOrLoad<Value>(
    begun: BegunLoad,
    request: ResolvedQuery<Value>,
    load: Load<Value>,
    { resident, why }: { resident: Resident<Value> | undefined; why: string },
  ): Promise<ReadResult<Value>> {
    const { tail, loader } = this.#deps;
    if (!tail.isConfirmed()) {
      if (!(await tail.confirm())) {
        if (resident !== undefined && this.#judgment.mayServeUnconfirmed(resident, request.query.lifetime)) {
          return resultOf(resident, MEMORY, 'unconfirmed');
        }
        const reason = this.#judgment.whyUnconfirmed;
        this.#report.miss(request, reason);
        return loader.loadUnkept(request, load, reason);
      }
      const valid = resident !== undefined && this.#judgment.isValid(resident);
      const kept = valid ? this.#serveValid(request, load, resident, MEMORY) : undefined;
      if (kept !== undefined) return kept;
    }
    begun.stamp = tail.position;

    const found = await this.#lookup.inShared(request);
    const served =
      typeof found === 'string' ? undefined : this.#serveValid(request, load, found.resident, found.source);
    if (served !== undefined) return served;
    const reason = typeof found !== 'string' ? 'expired' : found === 'absent' ? why : found;
    this.#report.miss(request, reason);
    const plan = loader.plan(request.query);
    begun.stamp = plan.stamp;
    begun.origin = plan.origin;
    const fallback = typeof found === 'string' ? resident : found.resident;
    return loader.loadAndFill(request, load, { plan, why: reason, fallback });
  }

  /** The result of a valid entry; a stale one is refreshed. `undefined` if the entry may only serve if a load fails. */
  #serveValid<Value>(
    request: ResolvedQuery<Value>,
    load: Load<Value>,
    resident: Resident<Value>,
    source: TierName,
  ): ReadResult<Value> | undefined {
    const freshness = this.#judgment.freshnessOf(resident, request.query.lifetime);
    if (freshness !== 'fresh' && freshness !== 'stale') return undefined;
    this.#deps.onHit?.(request, load, resident, source);
    if (freshness === 'fresh') return resultOf(resident, source);
    this.#refresh(request, load, resident);
    return resultOf(resident, source, 'swr');
  }

  /** Loads a stale entry again in the background: one load at a time, and none for a while after one that failed. */
  #refresh<Value>(keyed: KeyedQuery<Value>, load: Load<Value>, stale: Resident<Value>): void {
    const { background, clock, loader } = this.#deps;
    const key = keyed.key.local;
    if (this.#refreshing.has(key) || clock.now() < stale.retryAt) return;
    const request = resolveQuery(keyed);
    if (typeof request === 'string') return;
    this.#refreshing.add(key);
    this.#report.refresh(request);
    const plan = loader.plan(request.query);
    const refreshed = loader.loadAndFill(request, load, { plan, why: 'expired' }).then(
      () => undefined,
      () => {
        // The load has reported its failure; the stale entry stays in use.
        stale.retryAt = clock.now() + RETRY_AFTER;
      },
    );
    background.add(
      refreshed.finally(() => {
        this.#refreshing.delete(key);
      }),
    );
  }
}
