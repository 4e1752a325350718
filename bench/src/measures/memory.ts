import { LRUCache } from 'lru-cache';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { MemoryTier } from '../../../packages/core/src/tier/memory-tier.js';
import type { Finding } from '../finding.js';
import { type Effort, race } from '../race.js';
import { exactly } from '../spread.js';
import { popular, popularWithScans, shifting, type Trace, type TraceSize } from './traces.js';

/** T10: what a hit of the memory tier costs, and how often there is one, against the usual LRU. */
export async function* memory(effort: Effort, size: TraceSize): AsyncGenerator<Finding> {
  const found = (await hits(effort)).ratio('tier', 'map');
  yield { target: 'T10', what: 'hit of the memory tier ÷ Map.get', goal: { atMost: 1.6 }, found };

  const capacity = size.keys / 10;
  const traces = [
    ['popular keys', popular, 5],
    ['popular keys and scans', popularWithScans, 7],
    ['shifting favourites', shifting, -3],
  ] as const;
  for (const [name, make, least] of traces) {
    const trace = make(size, effort.random);
    const gain = hitRate(tierOf(capacity), trace) - hitRate(new LRUCache<string, true>({ max: capacity }), trace);
    const what = `hit rate − lru-cache's, ${name}`;
    yield { target: 'T10', what, goal: { atLeast: least }, found: exactly(100 * gain), unit: 'pp' };
  }
}

/** A thousand hits in any order. */
function hits(effort: Effort) {
  const keys = Array.from({ length: 10_000 }, (_, index) => `User.findUnique:${index}`);
  const order = keys.map(() => uniformInt(effort.random, 0, keys.length - 1));
  const map = new Map<string, true>();
  const tier = tierOf(keys.length);
  for (const key of keys) {
    map.set(key, true);
    tier.set(key, true);
  }
  const thousand = (store: { get(key: string): unknown }) => (call: number) => {
    let found = 0;
    const from = (call * 1_000) % order.length;
    for (let at = from; at < from + 1_000; at += 1) {
      if (store.get(keys[order[at % order.length] as number] as string) !== undefined) found += 1;
    }
    return found;
  };
  return race({ tier: thousand(tier), map: thousand(map) }, effort);
}

interface Store {
  get(key: string): unknown;
  set(key: string, value: true): unknown;
}

function tierOf(maxEntries: number): Store {
  const tier = new MemoryTier<true>({ maxEntries, maxBytes: Number.MAX_SAFE_INTEGER });
  return { get: (key) => tier.get(key), set: (key, value) => tier.set(key, value, 1) };
}

/** The share of hits once the store has seen a tenth of the trace. */
function hitRate(store: Store, trace: Trace): number {
  const warm = trace.length / 10;
  let hitCount = 0;
  for (const [index, key] of trace.entries()) {
    if (store.get(key) === undefined) store.set(key, true);
    else if (index >= warm) hitCount += 1;
  }
  return hitCount / (trace.length - warm);
}
