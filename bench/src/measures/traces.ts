import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Requests in the order in which they arrive, by the keys that they ask for. */
export type Trace = readonly string[];

/** How large a trace is. */
export interface TraceSize {
  readonly requests: number;
  readonly keys: number;
}

/** Some keys are asked for far more than others, always the same ones: the k-th most popular in proportion to k^-0.9. */
export function popular(size: TraceSize, random: RandomGenerator): Trace {
  const rank = ranks(size.keys, random);
  return Array.from({ length: size.requests }, () => `key:${rank()}`);
}

/** As `popular`, with every fifth request for a key that nobody asks for again. */
export function popularWithScans(size: TraceSize, random: RandomGenerator): Trace {
  const rank = ranks(size.keys, random);
  let once = 0;
  return Array.from({ length: size.requests }, () =>
    uniformInt(random, 1, 5) === 1 ? `once:${once++}` : `key:${rank()}`,
  );
}

/** As `popular`, with other keys becoming the popular ones ten times. */
export function shifting(size: TraceSize, random: RandomGenerator): Trace {
  const rank = ranks(size.keys, random);
  const phase = Math.ceil(size.requests / 10);
  const shift = Math.floor(size.keys / 10);
  return Array.from(
    { length: size.requests },
    (_, request) => `key:${(rank() + shift * Math.floor(request / phase)) % size.keys}`,
  );
}

/** Draws the rank of a key. */
function ranks(keys: number, random: RandomGenerator): () => number {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank += 1) {
    sum += (rank + 1) ** -0.9;
    sums[rank] = sum;
  }
  return () => {
    const drawn = uniformFloat64(random) * sum;
    let low = 0;
    let high = keys - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
