import type { Footprint } from '../match/footprint.js';
import type { Reason } from '../telemetry/events.js';
import type { KeyedQuery, ResolvedQuery } from './keyed-query.js';
import type { ReadInfo, ReadObserver } from './query.js';
import type { ReadDeps } from './read-deps.js';
import type { ReadResult } from './shared-loads.js';

type ReportDeps = Pick<ReadDeps, 'tail' | 'events' | 'stats'>;

/** Counts and reports how reads were answered. Builds no event while nothing listens. */
export class ReadReport {
  readonly #deps: ReportDeps;

  constructor(deps: ReportDeps) {
    this.#deps = deps;
  }

  hit(
    { query, key }: KeyedQuery<never>,
    { source, createdAt, stale }: Pick<ReadResult<never>, 'source' | 'createdAt' | 'stale'>,
    footprint: Footprint,
    observe: ReadObserver | undefined,
  ): void {
    const { events, stats } = this.#deps;
    if (stale !== undefined) stats.staleHits++;
    else stats.hits[source] = (stats.hits[source] ?? 0) + 1;
    if (events.heard) {
      const event = { query: query.name, key: key.shared(), source } as const;
      events.emit(stale === undefined ? { type: 'hit', ...event } : { type: 'stale-hit', because: stale, ...event });
    }
    if (observe === undefined) return;
    const status = stale === undefined ? 'hit' : 'stale';
    observe({
      query: query.name,
      status,
      source,
      key: key.shared(),
      age: this.#age(createdAt),
      reason: stale,
      footprint,
    });
  }

  /** The cache has no entry to serve: a load follows. */
  miss({ query, key }: ResolvedQuery<never>, reason: string): void {
    const { events } = this.#deps;
    if (events.heard) events.emit({ type: 'miss', query: query.name, key: key.shared(), reason });
  }

  /** The caller got the result of its own load. */
  loaded({ query, key }: ResolvedQuery<never>, reason: string, observe: ReadObserver | undefined): void {
    this.#deps.stats.misses++;
    if (observe === undefined) return;
    const info: ReadInfo = { query: query.name, status: 'miss', source: 'origin', key: key.shared(), reason };
    observe({ ...info, footprint: query.footprint });
  }

  coalesced(
    { query, key }: ResolvedQuery<never>,
    { createdAt, reason, stale }: Pick<ReadResult<never>, 'createdAt' | 'reason' | 'stale'>,
    observe: ReadObserver | undefined,
  ): void {
    const { events, stats } = this.#deps;
    stats.coalesced++;
    if (events.heard) events.emit({ type: 'coalesced', query: query.name, key: key.shared() });
    if (observe === undefined) return;
    const how =
      stale === undefined ? ({ status: 'coalesced', reason } as const) : ({ status: 'stale', reason: stale } as const);
    const info: ReadInfo = { query: query.name, source: 'shared-load', key: key.shared(), ...how };
    observe({ ...info, age: this.#age(createdAt), footprint: query.footprint });
  }

  refresh({ query, key }: ResolvedQuery<never>): void {
    const { events } = this.#deps;
    if (events.heard) events.emit({ type: 'refresh', query: query.name, key: key.shared() });
  }

  /** The database answers without the cache. */
  bypass(query: string, reason: Reason, observe: ReadObserver | undefined): void {
    const { events, stats } = this.#deps;
    stats.bypasses++;
    if (events.heard) events.emit({ type: 'bypass', query, reason });
    observe?.({ query, status: 'bypass', source: 'origin', reason });
  }

  #age(createdAt: number): number {
    return Math.max(0, (this.#deps.tail.time() - createdAt) / 1_000);
  }
}
