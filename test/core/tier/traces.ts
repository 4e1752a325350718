/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws keys from 0 to `keys` by Zipf's law: the key of rank `n` with a weight of `1 / n ** skew`. */
export function zipf(random: () => number, keys: number, skew: number): () => number {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank += 1) sums[rank] = sum += 1 / (rank + 1) ** skew;
  return () => {
    const wanted = random() * sum;
    let low = 0;
    for (let high = keys - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A cache that can be compared: how often `key` was there, with everything put in that was not. */
export interface Contestant {
  has(key: string): boolean;
  put(key: string): void;
}

/** The policy to beat: the least recently used leaves. */
export function leastRecentlyUsed(capacity: number): Contestant {
  const keys = new Set<string>();
  return {
    has(key) {
      if (!keys.delete(key)) return false;
      keys.add(key);
      return true;
    },
    put(key) {
      for (const oldest of keys) {
        if (keys.size < capacity) break;
        keys.delete(oldest);
      }
      keys.add(key);
    },
  };
}

/** The share of hits of `contestant` on `trace`, in percent. */
export function hitRate(contestant: Contestant, trace: readonly string[]): number {
  let hits = 0;
  for (const key of trace) {
    if (contestant.has(key)) hits += 1;
    else contestant.put(key);
  }
  return (100 * hits) / trace.length;
}
