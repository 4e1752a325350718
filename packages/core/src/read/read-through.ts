import { freshnessOf } from '../entry/freshness.js';
import type { Lifetime } from '../entry/lifetime.js';
import type { Reason } from '../telemetry/events.js';
import { departureOf } from './departure.js';
import { type BegunFlight, type Flight, Flights, type Landing } from './flights.js';
import { type AskedQuery, type KeyedQuery, knownOf } from './keyed-query.js';
import { Loader, landingOf, RETRY_AFTER } from './loader.js';
import { MappedAnswers } from './mapped-answers.js';
import type { KnownQuery, Load, ReadObserver } from './query.js';
import type { ReadParts } from './read-parts.js';
import type { ReadReport } from './read-report.js';
import type { Resident } from './resident.js';
import { runLoad } from './run-load.js';
import { StrongReads } from './strong-reads.js';
import { whyUnconfirmed } from './unconfirmed.js';

/**
 * The path of a read: memory, a load under way, the shared tier, the database.
 *
 * Whether an entry is right is asked of the log's tail, whether it is fresh of its times; an entry that is not right
 * is never served, neither under `swr` nor under `grace`.
 */
export class ReadThrough {
  readonly #parts: ReadParts;
  readonly #loader: Loader;
  readonly #strong: StrongReads;
  readonly #flights = new Flights();
  /** The keys of the answers behind which a refresh runs. */
  readonly #refreshing = new Set<string>();
  readonly #report: ReadReport;
  readonly #mapped: MappedAnswers;

  constructor(parts: ReadParts, report: ReadReport) {
    this.#parts = parts;
    this.#loader = new Loader(parts);
    this.#strong = new StrongReads(parts, this.#loader, report);
    this.#report = report;
    this.#mapped = new MappedAnswers(parts);
  }

  /** Answers synchronously from memory if that is possible. Rejects only with what `load` or the analysis rejected with. */
  read<Value>(
    request: AskedQuery<Value>,
    load: Load<Value>,
    observe: ReadObserver | undefined,
  ): Value | Promise<Value> {
    if (request.query.consistency === 'strong') return this.#readStrongly(request, load, observe);
    const { memory, tail, clock } = this.#parts;
    const now = clock.now();
    // Equal keys have equal types of answers: that is what keys are.
    const resident = memory?.get(request.key.local) as Resident<Value> | undefined;
    if (resident === undefined || !tail.isConfirmed(now)) return this.#readOn(request, load, observe, resident);
    if (!this.#loader.isRight(resident)) {
      memory?.delete(request.key.local);
      return this.#readOn(request, load, observe, undefined, 'invalidated');
    }
    const freshness = freshnessOf(resident.entry, request.query.lifetime, tail.time(now));
    if (freshness === 'fresh') return this.#serve(request, load, resident, observe);
    if (freshness === 'stale') {
      this.#refresh(request, load, resident);
      return this.#serve(request, load, resident, observe, 'swr');
    }
    if (freshness === 'grace' && now < resident.retryAt) return this.#serve(request, load, resident, observe, 'grace');
    return this.#readOn(request, load, observe, resident, 'expired');
  }

  /** Asks the database and no cache. */
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
    request: AskedQuery<Value>,
    load: Load<Value>,
    resident: Resident<Value>,
    observe: ReadObserver | undefined,
    stale?: 'swr' | 'grace',
  ): Value {
    const { entry } = resident;
    const { mapping } = request.query;
    this.#parts.onHit?.(request, load, resident, 'l1');
    this.#report.hit(request, { source: 'l1', createdAt: entry.createdAt, stale }, entry.footprint, observe);
    return mapping === undefined ? resident.copy() : this.#mapped.show(request.key.local, resident, mapping);
  }

  async #readStrongly<Value>(
    asked: AskedQuery<Value>,
    load: Load<Value>,
    observe: ReadObserver | undefined,
  ): Promise<Value> {
    const request = knownOf(asked);
    if (typeof request === 'string') return this.pass(asked.query.name, request, load, observe);
    return this.#strong.read(request, load, observe);
  }

  /** Everything that takes time. */
  async #readOn<Value>(
    asked: AskedQuery<Value>,
    load: Load<Value>,
    observe: ReadObserver | undefined,
    resident: Resident<Value> | undefined,
    why = 'absent',
  ): Promise<Value> {
    // Before anything is waited for, while the arguments are what they were.
    const request = knownOf(asked);
    if (typeof request === 'string') return this.pass(asked.query.name, request, load, observe);
    const joined = this.#flights.get<Value>(request.key.local);
    if (joined !== undefined && this.#mayJoin(joined)) {
      const { copy, ...landing } = await joined.landing;
      // It took off for a reader who may have taken older answers.
      if (!this.#suits(landing, request.query.lifetime)) return this.read(request, load, observe);
      if (copy !== undefined) {
        this.#report.coalesced(request, landing, observe);
        return copy();
      }
      // What that caller got is his alone.
      this.#report.miss(request, 'not-shared');
      const { value } = await runLoad(this.#parts, request, load);
      this.#report.loaded(request, 'not-shared', observe);
      return value;
    }
    const flight = this.#takeOff(request.query, request.key.local, (begun) =>
      this.#fly(begun, request, load, { resident, why }),
    );
    const landing = await flight.landing;
    if (landing.source === 'origin' && landing.stale === undefined) {
      this.#report.loaded(request, landing.reason ?? why, observe);
    } else this.#report.hit(request, landing, request.query.footprint, observe);
    return landing.value;
  }

  /**
   * Whether a caller who comes now may have the answer of a load that began earlier: judged like an entry with that
   * load's stamp, of whose rows nothing is known.
   *
   * While the log cannot be confirmed, a load that is younger than the bound on staleness is within that bound by
   * itself, as long as this process changed nothing since; a replica's answer had used up the bound when it began.
   */
  #mayJoin({ stamp, footprint, startedAt, localCommits, origin }: Flight<unknown>): boolean {
    const { tail, clock } = this.#parts;
    const now = clock.now();
    if (tail.isConfirmed(now) && stamp !== undefined) return tail.isUnaffected(stamp, footprint);
    if (origin === 'any') return false;
    return localCommits === tail.localCommits && now - startedAt <= tail.maxStaleness;
  }

  /** Whether what another reader's flight brought is young enough for one who wants `lifetime`. What the primary gave is. */
  #suits({ source, stale, createdAt, lag = 0 }: Omit<Landing<unknown>, 'copy'>, lifetime: Lifetime): boolean {
    if (source === 'origin') return lag === 0 || lag < lifetime.ttl;
    const age = this.#parts.tail.time() - createdAt;
    return age < lifetime.ttl + (stale === 'swr' || stale === 'grace' ? lifetime[stale] : 0);
  }

  #takeOff<Value>(
    { footprint }: KnownQuery<Value>,
    key: string,
    work: (flight: BegunFlight<Value>) => Promise<Landing<Value>>,
  ): Flight<Value> {
    const { tail, clock } = this.#parts;
    const begin = { footprint, stamp: tail.position, localCommits: tail.localCommits, startedAt: clock.now() };
    return this.#flights.start(key, begin, work);
  }

  async #fly<Value>(
    flight: BegunFlight<Value>,
    request: KeyedQuery<Value>,
    load: Load<Value>,
    { resident, why }: { resident: Resident<Value> | undefined; why: string },
  ): Promise<Landing<Value>> {
    const { tail } = this.#parts;
    if (!tail.isConfirmed()) {
      if (!(await tail.confirm())) {
        const unconfirmed = this.#unconfirmed(request, resident);
        if (unconfirmed !== undefined) return unconfirmed;
        const reason = whyUnconfirmed(tail);
        this.#report.miss(request, reason);
        return this.#loader.loadUnkept(request, load, reason);
      }
      const kept =
        resident !== undefined && this.#loader.isRight(resident)
          ? this.#land(request, load, resident, 'l1')
          : undefined;
      if (kept !== undefined) return kept;
    }
    flight.stamp = tail.position;

    const found = await this.#loader.lookUp(request);
    const landed = typeof found === 'string' ? undefined : this.#land(request, load, found, 'l2');
    if (landed !== undefined) return landed;
    const reason = typeof found !== 'string' ? 'expired' : found === 'absent' ? why : found;
    this.#report.miss(request, reason);
    const departure = departureOf(this.#parts, request.query);
    flight.stamp = departure.stamp;
    flight.origin = departure.origin;
    const fallback = typeof found === 'string' ? resident : found;
    return this.#loader.loadAndFill(request, load, { departure, why: reason, fallback });
  }

  /** The answer of an entry of which only the latest news is missing, if such answers are wanted. */
  #unconfirmed<Value>({ query }: KeyedQuery<Value>, resident: Resident<Value> | undefined): Landing<Value> | undefined {
    const { tail, maxStale } = this.#parts;
    if (resident === undefined || tail.unconfirmedFor > maxStale || !this.#loader.isRight(resident)) return undefined;
    const freshness = freshnessOf(resident.entry, query.lifetime, tail.time());
    return freshness === 'fresh' ? landingOf(resident, 'l1', 'unconfirmed') : undefined;
  }

  /** The answer of an entry that is right, with a refresh behind if it is stale; `undefined` if a load must come first. */
  #land<Value>(
    request: KeyedQuery<Value>,
    load: Load<Value>,
    resident: Resident<Value>,
    source: 'l1' | 'l2',
  ): Landing<Value> | undefined {
    const freshness = freshnessOf(resident.entry, request.query.lifetime, this.#parts.tail.time());
    if (freshness !== 'fresh' && freshness !== 'stale') return undefined;
    this.#parts.onHit?.(request, load, resident, source);
    if (freshness === 'fresh') return landingOf(resident, source);
    this.#refresh(request, load, resident);
    return landingOf(resident, source, 'swr');
  }

  /** Loads behind an answer that is served stale: once for everybody, and not at once again when it failed. */
  #refresh<Value>(asked: AskedQuery<Value>, load: Load<Value>, stale: Resident<Value>): void {
    const { background, clock } = this.#parts;
    const key = asked.key.local;
    if (this.#refreshing.has(key) || clock.now() < stale.retryAt) return;
    const request = knownOf(asked);
    if (typeof request === 'string') return;
    this.#refreshing.add(key);
    this.#report.refresh(request);
    const departure = departureOf(this.#parts, request.query);
    const refreshed = this.#loader.loadAndFill(request, load, { departure, why: 'expired' }).then(
      () => undefined,
      () => {
        // The load has reported its failure; the stale answer serves on.
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
