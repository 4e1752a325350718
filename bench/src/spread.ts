import { quantileSorted } from 'simple-statistics';

/** What several rounds found: the median, and the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number => quantileSorted(sorted, share);
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}

/** A number that was counted rather than timed. */
export function exactly(value: number): Spread {
  return { median: value, lower: value, upper: value };
}
