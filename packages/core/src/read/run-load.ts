import type { KeyedQuery } from './keyed-query.js';
import type { Load, Origin } from './query.js';
import type { ReadParts } from './read-parts.js';

/** What a load brought, and whether it may be shared. */
export interface Loaded<Value> {
  readonly value: Value;
  /** Why the answer belongs to its caller alone; `undefined` if it does not. */
  readonly keptPrivate: string | undefined;
}

/** Calls the origin once, counted and reported. Rejects with exactly what `load` rejected with. */
export async function runLoad<Value>(
  { events, stats }: ReadParts,
  { query, key }: KeyedQuery<Value>,
  load: Load<Value>,
  origin: Origin = 'primary',
): Promise<Loaded<Value>> {
  stats.loads++;
  if (events.heard) events.emit({ type: 'load', query: query.name, key: key.shared(), origin });
  let keptPrivate: string | undefined;
  try {
    const value = await load({
      origin,
      keepPrivate(reason) {
        keptPrivate = reason;
      },
    });
    return { value, keptPrivate };
  } catch (error) {
    stats.loadFailures++;
    if (events.heard) events.emit({ type: 'load-failed', query: query.name, key: key.shared(), error });
    throw error;
  }
}
