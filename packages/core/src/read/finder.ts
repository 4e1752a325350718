import type { Lifetime } from '../entry/lifetime.js';
import type { Reason } from '../telemetry/events.js';
import { MEMORY } from '../tier/memory-tier.js';
import type { Filler } from './filler.js';
import type { Finding, Missing } from './finding.js';
import type { Judgment } from './judgment.js';
import { type KeyedQuery, type ResolvedQuery, resolveQuery } from './keyed-query.js';
import type { FoundEntry, Lookup } from './lookup.js';
import type { ReadObserver } from './query.js';
import type { ReadDeps } from './read-deps.js';
import type { ReadReport } from './read-report.js';

/** What a {@link Finder} works with. */
export interface FinderDeps extends Pick<ReadDeps, 'tail' | 'stats'> {
  readonly judgment: Judgment;
  readonly lookup: Lookup;
  readonly filler: Filler;
  readonly report: ReadReport;
}

/**
 * The path of a read whose caller loads by itself: it gets what the cache holds, and may hand in later what it loaded.
 *
 * The cache never learns whether such a load succeeds, or ends at all. So no other caller joins it, and only fresh
 * entries are served.
 */
export class Finder {
  readonly #deps: FinderDeps;
  #closed = false;

  constructor(deps: FinderDeps) {
    this.#deps = deps;
  }

  /** Rejects only with the error of the function that computes the footprint. */
  async find<Value>(keyed: KeyedQuery<Value>, observe: ReadObserver | undefined): Promise<Finding<Value>> {
    const request = resolveQuery(keyed);
    if (typeof request === 'string') return this.pass(keyed.query.name, request, observe);
    const { tail, lookup, judgment, report } = this.#deps;
    const { footprint, lifetime, consistency } = request.query;
    const strong = consistency === 'strong';
    const confirmed = strong ? await tail.confirmAgain() : tail.isConfirmed() || (await tail.confirm());
    let found: FoundEntry<Value> | Reason;
    let stale: 'unconfirmed' | undefined;
    if (confirmed) {
      found = strong && tail.view.hasOpenWrite(footprint) ? 'write-under-way' : await lookup.current(request);
    } else {
      const resident = strong ? undefined : lookup.inMemory<Value>(request.key.local);
      const usable = resident !== undefined && judgment.mayServeUnconfirmed(resident, lifetime);
      found = usable ? { resident, source: MEMORY } : judgment.whyUnconfirmed;
      stale = 'unconfirmed';
    }
    if (typeof found === 'string') {
      report.miss(request, found);
      report.loaded(request, found, observe);
      return this.#missing(request, found, confirmed);
    }
    const { entry, copy } = found.resident;
    report.hit(request, { source: found.source, createdAt: entry.createdAt, stale }, entry.footprint, observe);
    return { found: true, value: copy() };
  }

  /** From now on nothing is kept. */
  close(): void {
    this.#closed = true;
  }

  /** Reports a read that does not use the cache. */
  pass<Value>(query: string, reason: Reason, observe: ReadObserver | undefined): Missing<Value> {
    this.#deps.report.bypass(query, reason, observe);
    return { found: false, fill() {}, keepPrivate() {} };
  }

  /** Takes the stamp of the load that the caller begins when it gets this. */
  #missing<Value>(request: ResolvedQuery<Value>, why: Reason, confirmed: boolean): Missing<Value> {
    const { tail, stats, filler, judgment } = this.#deps;
    const stamp = tail.position;
    const unkept = confirmed ? judgment.whyUnkept(request.query.footprint) : why;
    const loadedAt = tail.time();
    let open = true;
    const once = (work: () => void): void => {
      if (open && !this.#closed) work();
      open = false;
    };
    return {
      found: false,
      fill: (value: Value, lifetime: Lifetime = request.query.lifetime) =>
        once(() => {
          stats.loads++;
          const own = filler.copierOf(request, value);
          if (own === undefined) return;
          if (unkept !== undefined || stamp === undefined) filler.notFilled(request, unkept ?? why);
          else filler.fill({ ...request, query: { ...request.query, lifetime } }, own(), stamp, loadedAt);
        }),
      keepPrivate: (reason) => once(() => filler.notFilled(request, reason)),
    };
  }
}
