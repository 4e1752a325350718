import type { QueryKey } from '../key/query-key.js';
import type { Reason } from '../telemetry/events.js';
import type { KnownQuery, Query } from './query.js';

/** A query and its names. */
export interface KeyedQuery<Value, Asked extends Query<Value> = KnownQuery<Value>> {
  readonly query: Asked;
  readonly key: QueryKey;
}

/** One that may turn out to be a hit: nobody has worked out yet what it depends on. */
export type AskedQuery<Value> = KeyedQuery<Value, Query<Value>>;

/** `asked` with its footprint worked out, or why it must not be cached. */
export function knownOf<Value>({ query, key }: AskedQuery<Value>): KeyedQuery<Value> | Reason {
  const footprint = typeof query.footprint === 'function' ? query.footprint() : query.footprint;
  return 'refused' in footprint ? footprint.refused : { query: { ...query, footprint }, key };
}
