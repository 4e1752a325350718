import type { QueryKey } from '../key/query-key.js';
import type { Footprint } from '../match/footprint.js';
import type { Reason } from '../telemetry/events.js';
import type { Query } from './query.js';

/** A query with its key. Its footprint may not be worked out yet, which a hit in memory does not need. */
export interface KeyedQuery<Value> {
  readonly query: Query<Value>;
  readonly key: QueryKey;
}

/** A {@link KeyedQuery} whose footprint is worked out. */
export interface ResolvedQuery<Value> extends KeyedQuery<Value> {
  readonly query: Query<Value> & { readonly footprint: Footprint };
}

/** Works out the footprint of the query. @returns The reason if the query must not be cached. */
export function resolveQuery<Value>({ query, key }: KeyedQuery<Value>): ResolvedQuery<Value> | Reason {
  const footprint = typeof query.footprint === 'function' ? query.footprint() : query.footprint;
  return 'refused' in footprint ? footprint.refused : { query: { ...query, footprint }, key };
}
