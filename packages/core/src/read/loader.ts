import type { Entry } from '../entry/entry.js';
import { freshnessOf } from '../entry/freshness.js';
import { CodecError } from '../errors.js';
import type { Stamp } from '../log/stamp.js';
import type { LogTail } from '../tail/log-tail.js';
import type { Departure } from './departure.js';
import { Filler } from './filler.js';
import type { Landing } from './flights.js';
import type { KeyedQuery } from './keyed-query.js';
import type { Load } from './query.js';
import type { ReadParts } from './read-parts.js';
import type { Resident } from './resident.js';
import { type Loaded, runLoad } from './run-load.js';
import { whyUnconfirmed } from './unconfirmed.js';

/** How long after a failed load an entry that is served instead is not tried again, in milliseconds. */
export const RETRY_AFTER = 1_000;

/** What lies behind memory: the shared tier and the database. */
export class Loader {
  readonly #parts: ReadParts;
  readonly #filler: Filler;

  constructor(parts: ReadParts) {
    this.#parts = parts;
    this.#filler = new Filler(parts);
  }

  /** Whether nothing that is known may have changed what `resident` answers. */
  isRight(resident: Resident): boolean {
    const { tail } = this.#parts;
    if (!tail.isUnaffected(resident.judgedAt, resident.entry.footprint)) return false;
    // Judged up to here: the next hit looks only at what comes after.
    resident.judgedAt = tail.position ?? resident.judgedAt;
    return true;
  }

  /** The right entry of the shared tier, copied to memory; or why there is none. */
  async lookUp<Value>(request: KeyedQuery<Value>): Promise<Resident<Value> | 'absent' | 'invalidated' | 'expired'> {
    const { shared, tail, events, stats } = this.#parts;
    if (shared === undefined) return 'absent';
    let entry: Entry<Value> | undefined;
    try {
      entry = adopted((await shared.get(request.key.shared())) as Entry<Value> | undefined, tail);
    } catch (error) {
      stats.tierFailures++;
      // Each entry that cannot be decoded is a fault of its own, not part of an outage.
      if (error instanceof CodecError)
        events.emit({ type: 'tier-failed', tier: shared.name, operation: 'decode', error });
      else events.failed(shared.name, 'get', error);
      return 'absent';
    }
    events.answered(shared.name, 'get');
    if (entry === undefined) return 'absent';
    if (!tail.isConfirmed() || !tail.isUnaffected(entry.stamp, entry.footprint)) return 'invalidated';
    if (freshnessOf(entry, request.query.lifetime, tail.time()) === 'expired') return 'expired';
    const copy = this.#filler.copierOf(request, entry.value);
    return copy === undefined ? 'absent' : this.#filler.fillMemory(request, entry, copy);
  }

  /**
   * Loads at once, as `departure` says that was decided just now, and fills.
   *
   * @param fallback - What stands in under grace if the load fails.
   */
  async loadAndFill<Value>(
    request: KeyedQuery<Value>,
    load: Load<Value>,
    { departure, why, fallback }: { departure: Departure; why: string; fallback?: Resident<Value> | undefined },
  ): Promise<Landing<Value>> {
    const { tail, clock } = this.#parts;
    const { stamp, origin, lag } = departure;
    if (stamp === undefined) return this.loadUnkept(request, load, whyUnconfirmed(tail));
    if (tail.view.isQuarantined) return this.loadUnkept(request, load, 'quarantined');
    if (tail.view.mayStillCommit(request.query.footprint)) return this.loadUnkept(request, load, 'unsettled-write');
    // What a replica gives is dated as old as it may be, so that nobody gets more than the age that he asked for.
    const loadedAt = tail.time() - lag;
    let loaded: Loaded<Value>;
    try {
      loaded = await runLoad(this.#parts, request, load, origin);
    } catch (error) {
      const usable =
        fallback !== undefined && freshnessOf(fallback.entry, request.query.lifetime, tail.time()) !== 'expired';
      // A change during the load makes the entry wrong, however much the database is down.
      if (!usable || !tail.isConfirmed() || !this.isRight(fallback)) throw error;
      fallback.retryAt = clock.now() + RETRY_AFTER;
      return landingOf(fallback, 'l1', 'grace');
    }
    return this.#landLoaded(request, loaded, loadedAt, { stamp, why, lag });
  }

  /** The database answers and nothing is kept; who asks the same meanwhile may still share the one load. */
  async loadUnkept<Value>(request: KeyedQuery<Value>, load: Load<Value>, why: string): Promise<Landing<Value>> {
    const loadedAt = this.#parts.tail.time();
    return this.#landLoaded(request, await runLoad(this.#parts, request, load), loadedAt, { why });
  }

  #landLoaded<Value>(
    request: KeyedQuery<Value>,
    { value, keptPrivate }: Loaded<Value>,
    createdAt: number,
    { stamp, why, lag = 0 }: { readonly stamp?: Stamp; readonly why: string; readonly lag?: number },
  ): Landing<Value> {
    const landing = { source: 'origin', createdAt, lag } as const;
    if (keptPrivate !== undefined || stamp === undefined) this.#filler.notFilled(request, keptPrivate ?? why);
    if (keptPrivate !== undefined) return { ...landing, reason: keptPrivate, copy: undefined, value };
    const copy =
      stamp === undefined ? this.#filler.copierOf(request, value) : this.#filler.fill(request, value, stamp, createdAt);
    if (copy === undefined) return { ...landing, reason: 'not-copyable', copy, value };
    return { ...landing, reason: why, copy, value: copy() };
  }
}

/** What an entry answers. */
export function landingOf<Value>(
  { entry, copy }: Resident<Value>,
  source: 'l1' | 'l2',
  stale?: Landing<Value>['stale'],
): Landing<Value> {
  return { source, createdAt: entry.createdAt, stale, copy, value: copy() };
}

/** `entry` of another process, judged by what this process knows from now on. */
function adopted<Value>(entry: Entry<Value> | undefined, { view }: LogTail): Entry<Value> | undefined {
  return entry && { ...entry, stamp: view.adopt(entry.stamp) };
}
