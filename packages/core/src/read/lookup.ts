import type { Entry } from '../entry/entry.js';
import { freshnessOf } from '../entry/freshness.js';
import { CodecError } from '../errors.js';
import type { LogTail } from '../tail/log-tail.js';
import type { TierName } from '../telemetry/events.js';
import { MEMORY, type MemoryTier } from '../tier/memory-tier.js';
import type { Filler } from './filler.js';
import type { Judgment } from './judgment.js';
import type { ResolvedQuery } from './keyed-query.js';
import type { ReadDeps } from './read-deps.js';
import type { Resident } from './resident.js';

type LookupDeps = Pick<ReadDeps, 'tail' | 'memory' | 'shared' | 'events' | 'stats'> & {
  readonly judgment: Judgment;
  readonly filler: Filler;
};

/** A valid entry, and the tier that held it. */
export interface FoundEntry<Value> {
  readonly resident: Resident<Value>;
  readonly source: TierName;
}

/** Why a look-up found no entry that may be served. */
export type Absence = 'absent' | 'invalidated' | 'expired';

/** Looks for entries in memory, then in the shared tier, and judges them. */
export class Lookup {
  readonly #deps: LookupDeps;
  readonly #memory: MemoryTier<Resident> | undefined;

  constructor(deps: LookupDeps) {
    this.#deps = deps;
    this.#memory = deps.memory;
  }

  /** The entry that memory holds under `key`, not judged. Equal keys have results of equal types, so the cast is safe. */
  inMemory<Value>(key: string): Resident<Value> | undefined {
    return this.#memory?.get(key) as Resident<Value> | undefined;
  }

  /** Removes an entry that is not valid from memory. */
  drop(key: string): void {
    this.#memory?.delete(key);
  }

  /** The valid entry that is fresh for this reader, from memory or the shared tier; or why there is none. */
  async current<Value>(request: ResolvedQuery<Value>): Promise<FoundEntry<Value> | Absence> {
    const { judgment } = this.#deps;
    const { lifetime } = request.query;
    const resident = this.inMemory<Value>(request.key.local);
    let why: Absence = resident === undefined ? 'absent' : 'expired';
    if (resident !== undefined && !judgment.isValid(resident)) {
      this.drop(request.key.local);
      why = 'invalidated';
    } else if (resident !== undefined && judgment.freshnessOf(resident, lifetime) === 'fresh') {
      return { resident, source: MEMORY };
    }
    const shared = await this.inShared(request);
    if (typeof shared === 'string') return shared === 'absent' ? why : shared;
    if (!judgment.isValid(shared.resident)) return 'invalidated';
    return judgment.freshnessOf(shared.resident, lifetime) === 'fresh' ? shared : 'expired';
  }

  /** The valid entry of the shared tier, fresh or stale, copied to memory; or why there is none. */
  async inShared<Value>(request: ResolvedQuery<Value>): Promise<FoundEntry<Value> | Absence> {
    const { shared, tail, filler, events, stats } = this.#deps;
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
    const copy = filler.copierOf(request, entry.value);
    if (copy === undefined) return 'absent';
    return { resident: filler.fillMemory(request, entry, copy), source: shared.name };
  }
}

/** `entry` of another process, to be judged by what this process knows from now on. */
function adopted<Value>(entry: Entry<Value> | undefined, { view }: LogTail): Entry<Value> | undefined {
  return entry && { ...entry, stamp: view.adopt(entry.stamp) };
}
