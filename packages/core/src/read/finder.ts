import { freshnessOf } from '../entry/freshness.js';
import type { Lifetime } from '../entry/lifetime.js';
import type { Reason } from '../telemetry/events.js';
import { Filler } from './filler.js';
import type { Finding, Found, Missing } from './finding.js';
import { type AskedQuery, type KeyedQuery, knownOf } from './keyed-query.js';
import type { Loader } from './loader.js';
import type { ReadObserver } from './query.js';
import type { ReadParts } from './read-parts.js';
import type { ReadReport } from './read-report.js';
import type { Resident } from './resident.js';
import { type Unconfirmed, whyUnconfirmed } from './unconfirmed.js';

/**
 * The path of a read whose load is the caller's business: he is told what the cache holds, and may hand in later what he
 * loaded.
 *
 * Nobody joins such a load, and only fresh answers are served: whether a load ends well, or at all, is never heard of.
 */
export class Finder {
  readonly #parts: ReadParts;
  readonly #loader: Loader;
  readonly #report: ReadReport;
  readonly #filler: Filler;
  #closed = false;

  constructor(parts: ReadParts, loader: Loader, report: ReadReport) {
    this.#parts = parts;
    this.#loader = loader;
    this.#report = report;
    this.#filler = new Filler(parts);
  }

  /** Rejects only with what the analysis threw. */
  async find<Value>(asked: AskedQuery<Value>, observe: ReadObserver | undefined): Promise<Finding<Value>> {
    const request = knownOf(asked);
    if (typeof request === 'string') return this.pass(asked.query.name, request, observe);
    const { tail } = this.#parts;
    const strong = request.query.consistency === 'strong';
    const confirmed = strong ? await tail.confirmAnew() : tail.isConfirmed() || (await tail.confirm());
    const suspended = strong && tail.view.hasOpenWrite(request.query.footprint);
    if (suspended) return this.#depart(request, 'write-under-way', observe);
    const found = confirmed
      ? await this.#lookUp(request, observe)
      : strong
        ? whyUnconfirmed(tail)
        : this.#unconfirmed(request, observe);
    return typeof found === 'string' ? this.#depart(request, found, observe) : found;
  }

  /** From now on nothing is kept. */
  close(): void {
    this.#closed = true;
  }

  /** The database answers, and nothing of it is kept. */
  pass<Value>(query: string, reason: Reason, observe: ReadObserver | undefined): Missing<Value> {
    this.#report.bypass(query, reason, observe);
    return { found: false, fill() {}, keepPrivate() {} };
  }

  /** The answer, or why there is none. */
  async #lookUp<Value>(request: KeyedQuery<Value>, observe: ReadObserver | undefined): Promise<Found<Value> | Reason> {
    const { memory } = this.#parts;
    // Equal keys have equal types of answers: that is what keys are.
    const resident = memory?.get(request.key.local) as Resident<Value> | undefined;
    const right = resident !== undefined && this.#loader.isRight(resident);
    if (right && this.#isFresh(request, resident)) return this.#serve(request, resident, 'l1', observe);
    if (resident !== undefined && !right) memory?.delete(request.key.local);
    const shared = await this.#loader.lookUp(request);
    if (typeof shared === 'string') {
      return shared !== 'absent' || resident === undefined ? shared : right ? 'expired' : 'invalidated';
    }
    return this.#isFresh(request, shared) ? this.#serve(request, shared, 'l2', observe) : 'expired';
  }

  /** The answer of an entry of which only the latest news is missing, if such answers are wanted. */
  #unconfirmed<Value>(request: KeyedQuery<Value>, observe: ReadObserver | undefined): Found<Value> | Unconfirmed {
    const { memory, tail, maxStale } = this.#parts;
    const resident = memory?.get(request.key.local) as Resident<Value> | undefined;
    const usable = resident !== undefined && tail.unconfirmedFor <= maxStale && this.#loader.isRight(resident);
    if (!usable || !this.#isFresh(request, resident)) return whyUnconfirmed(tail);
    return this.#serve(request, resident, 'l1', observe, 'unconfirmed');
  }

  #isFresh({ query }: KeyedQuery<never>, { entry }: Resident): boolean {
    return freshnessOf(entry, query.lifetime, this.#parts.tail.time()) === 'fresh';
  }

  #serve<Value>(
    request: KeyedQuery<Value>,
    { entry, copy }: Resident<Value>,
    source: 'l1' | 'l2',
    observe: ReadObserver | undefined,
    stale?: 'unconfirmed',
  ): Found<Value> {
    this.#report.hit(request, { source, createdAt: entry.createdAt, stale }, entry.footprint, observe);
    return { found: true, value: copy() };
  }

  /** Takes the stamp of a load that begins when the caller hears of it. */
  #depart<Value>(request: KeyedQuery<Value>, why: Reason, observe: ReadObserver | undefined): Missing<Value> {
    const { tail, stats } = this.#parts;
    this.#report.miss(request, why);
    this.#report.loaded(request, why, observe);
    const stamp = tail.position;
    const unkept = this.#unkept(request, why);
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
          const own = this.#filler.copierOf(request, value);
          if (own === undefined) return;
          if (unkept !== undefined || stamp === undefined) this.#filler.notFilled(request, unkept ?? why);
          else this.#filler.fill({ ...request, query: { ...request.query, lifetime } }, own(), stamp, loadedAt);
        }),
      keepPrivate: (reason) => once(() => this.#filler.notFilled(request, reason)),
    };
  }

  /** Why nothing may be kept of a load that begins now, if so. */
  #unkept({ query }: KeyedQuery<never>, why: Reason): Reason | undefined {
    const { view } = this.#parts.tail;
    if (why === 'log-unconfirmed' || why === 'opening') return why;
    if (view.isQuarantined) return 'quarantined';
    return view.mayStillCommit(query.footprint) ? 'unsettled-write' : undefined;
  }
}
