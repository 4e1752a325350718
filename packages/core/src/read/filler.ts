import { copierFor } from '../entry/copier.js';
import type { Entry } from '../entry/entry.js';
import { CodecError } from '../errors.js';
import type { Stamp } from '../log/stamp.js';
import type { Footprint } from '../match/footprint.js';
import { MEMORY } from '../tier/memory-tier.js';
import type { Tier } from '../tier/tier.js';
import type { ResolvedQuery } from './keyed-query.js';
import type { Query } from './query.js';
import type { ReadDeps } from './read-deps.js';
import type { Copier, Resident } from './resident.js';
import { residentWeight } from './resident-weight.js';

type FillerDeps = Pick<ReadDeps, 'tail' | 'memory' | 'shared' | 'valueTypes' | 'events' | 'stats' | 'background'>;

/** Puts loaded values into the tiers. */
export class Filler {
  readonly #deps: FillerDeps;

  constructor(deps: FillerDeps) {
    this.#deps = deps;
  }

  /**
   * Fills every tier with a loaded `value`, the shared one in the background.
   *
   * Filling need not exclude changes during the load, because every reader judges the entry by its stamp. A value that is
   * known to be affected already is not kept.
   *
   * @param stamp - The value contains every change up to this log position.
   * @param loadedAt - When the value was current for certain, in the log's time: when the load began, or earlier if a replica may have answered.
   * @returns Makes a private copy for each caller; `undefined` if the value cannot be copied and was not kept.
   */
  fill<Value>(request: ResolvedQuery<Value>, value: Value, stamp: Stamp, loadedAt: number): Copier<Value> | undefined {
    const copy = this.copierOf(request, value);
    if (copy === undefined) return undefined;
    const { query } = request;
    const footprint = query.narrow?.(value) ?? query.footprint;
    if (!this.#deps.tail.isUnaffected(stamp, footprint)) {
      this.notFilled(request, 'changed-during-load');
      return copy;
    }
    const entry = entryOf(query, value, footprint, stamp, loadedAt);
    this.fillMemory(request, entry, copy);
    this.#fillShared(request, entry);
    return copy;
  }

  /** Makes copies of `value`; `undefined`, and an event, if it cannot be copied exactly. */
  copierOf<Value>(request: ResolvedQuery<Value>, value: Value): Copier<Value> | undefined {
    try {
      return copierFor(value, this.#deps.valueTypes);
    } catch (error) {
      // Getters and foreign classes may throw anything. The caller still gets the loaded value.
      this.notFilled(request, 'not-copyable', error);
      return undefined;
    }
  }

  /** Keeps `entry` in memory. @returns The resident, even if there was no room for it. */
  fillMemory<Value>({ query, key }: ResolvedQuery<Value>, entry: Entry<Value>, copy: Copier<Value>): Resident<Value> {
    const { memory, events, stats } = this.#deps;
    const resident: Resident<Value> = { entry, copy, judgedAt: entry.stamp, retryAt: 0 };
    if (memory === undefined) return resident;
    memory.set(key.local, resident as Resident, residentWeight(key.local, entry));
    stats.fills++;
    if (events.heard) events.emit({ type: 'fill', query: query.name, key: key.shared(), tier: MEMORY });
    return resident;
  }

  /** Reports that a value was returned and not kept. */
  notFilled({ query, key }: ResolvedQuery<never>, reason: string, error?: unknown): void {
    const { events } = this.#deps;
    if (!events.heard) return;
    const why = error === undefined ? { reason } : { reason, error };
    events.emit({ type: 'not-filled', query: query.name, key: key.shared(), ...why });
  }

  #fillShared<Value>(request: ResolvedQuery<Value>, entry: Entry<Value>): void {
    const { shared, background, events, stats } = this.#deps;
    if (shared === undefined) return;
    const key = request.key.shared();
    const filled = this.#put(shared, request, entry).then(
      (kept) => {
        if (!kept) return;
        stats.fills++;
        events.answered(shared.name, 'set');
        events.emit({ type: 'fill', query: request.query.name, key, tier: shared.name });
      },
      (error: unknown) => {
        if (error instanceof CodecError) this.notFilled(request, 'not-encodable', error);
        else {
          stats.tierFailures++;
          events.failed(shared.name, 'set', error);
        }
      },
    );
    background.add(filled);
  }

  /**
   * Puts `entry` into the shared tier with a stamp that other processes can trust: it rests only on records that this
   * process has read in the log, not on messages.
   *
   * @returns Whether there is such a stamp.
   */
  async #put(shared: Tier, request: ResolvedQuery<never>, entry: Entry): Promise<boolean> {
    const { tail } = this.#deps;
    const { stamp, footprint, expiresAt } = entry;
    let proven = tail.view.provenStamp(stamp, footprint);
    if (proven === undefined && (await tail.confirmAgain())) proven = tail.view.provenStamp(stamp, footprint);
    if (proven === undefined) this.notFilled(request, 'log-unconfirmed');
    else await shared.set(request.key.shared(), { ...entry, stamp: proven }, expiresAt - tail.time());
    return proven !== undefined;
  }
}

function entryOf<Value>(
  { lifetime }: Query<Value>,
  value: Value,
  footprint: Footprint,
  stamp: Stamp,
  createdAt: number,
): Entry<Value> {
  const staleAt = createdAt + lifetime.ttl;
  const refreshUntil = staleAt + lifetime.swr;
  return {
    value,
    footprint,
    stamp,
    createdAt,
    staleAt,
    refreshUntil,
    expiresAt: Math.max(refreshUntil, staleAt + lifetime.grace),
  };
}
