import { freshnessOf } from '../entry/freshness.js';
import { departureOf } from './departure.js';
import { Flights, type Landing } from './flights.js';
import type { KeyedQuery } from './keyed-query.js';
import { type Loader, landingOf } from './loader.js';
import type { Load, ReadObserver } from './query.js';
import type { ReadParts } from './read-parts.js';
import type { ReadReport } from './read-report.js';
import type { Resident } from './resident.js';
import { whyUnconfirmed } from './unconfirmed.js';

/**
 * The path of a read that must be linearizable with respect to acknowledged writes: what the cache holds is judged by a
 * log that was asked after the read began, and is not served while a write that may affect it is announced.
 *
 * Rules and proof: docs/consistency.md.
 */
export class StrongReads {
  readonly #parts: ReadParts;
  readonly #loader: Loader;
  readonly #report: ReadReport;
  /** Only loads: whether an answer of the cache may be given differs with the moment of asking. */
  readonly #loads = new Flights();

  constructor(parts: ReadParts, loader: Loader, report: ReadReport) {
    this.#parts = parts;
    this.#loader = loader;
    this.#report = report;
  }

  /** Rejects only with what `load` rejected with. */
  async read<Value>(request: KeyedQuery<Value>, load: Load<Value>, observe: ReadObserver | undefined): Promise<Value> {
    const begunBefore = this.#loads.begun;
    const { tail } = this.#parts;
    const confirmed = await tail.confirmAnew();
    const suspended = tail.view.hasOpenWrite(request.query.footprint);
    const found = confirmed && !suspended ? await this.#find(request, load) : undefined;
    if (found !== undefined) {
      this.#report.hit(request, found, request.query.footprint, observe);
      return found.value;
    }
    const joined = this.#loads.get<Value>(request.key.local);
    if (joined !== undefined && joined.number > begunBefore) {
      const { copy, ...landing } = await joined.landing;
      if (copy !== undefined) {
        this.#report.coalesced(request, landing, observe);
        return copy();
      }
    }
    const why = !confirmed ? whyUnconfirmed(tail) : suspended ? 'write-under-way' : 'absent';
    this.#report.miss(request, why);
    const landing = await this.#load(request, load, why, confirmed);
    this.#report.loaded(request, landing.reason ?? why, observe);
    return landing.value;
  }

  async #find<Value>(request: KeyedQuery<Value>, load: Load<Value>): Promise<Landing<Value> | undefined> {
    const { memory } = this.#parts;
    const resident = memory?.get(request.key.local) as Resident<Value> | undefined;
    if (resident !== undefined && this.#suits(request, resident)) return this.#land(request, load, resident, 'l1');
    const found = await this.#loader.lookUp(request);
    if (typeof found === 'string' || !this.#suits(request, found)) return undefined;
    return this.#land(request, load, found, 'l2');
  }

  #land<Value>(
    request: KeyedQuery<Value>,
    load: Load<Value>,
    resident: Resident<Value>,
    source: 'l1' | 'l2',
  ): Landing<Value> {
    this.#parts.onHit?.(request, load, resident, source);
    return landingOf(resident, source);
  }

  #suits({ query }: KeyedQuery<never>, resident: Resident): boolean {
    const { tail } = this.#parts;
    return this.#loader.isRight(resident) && freshnessOf(resident.entry, query.lifetime, tail.time()) === 'fresh';
  }

  #load<Value>(
    request: KeyedQuery<Value>,
    load: Load<Value>,
    why: string,
    confirmed: boolean,
  ): Promise<Landing<Value>> {
    const { tail, clock } = this.#parts;
    const { footprint } = request.query;
    const begin = { footprint, stamp: tail.position, localCommits: tail.localCommits, startedAt: clock.now() };
    return this.#loads.start<Value>(request.key.local, begin, () =>
      confirmed
        ? this.#loader.loadAndFill(request, load, { departure: departureOf(this.#parts, request.query), why })
        : this.#loader.loadUnkept(request, load, why),
    ).landing;
  }
}
