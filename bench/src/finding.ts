import type { Spread } from './spread.js';

/** What is aimed at. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the table. */
export interface Finding {
  /** The target that it belongs to, as README.md numbers them. */
  readonly target: `T${number}`;
  readonly what: string;
  /** Absent where nothing is aimed at: the line is there to be compared with. */
  readonly goal?: Goal | undefined;
  readonly found: Spread;
  /** What `found` counts, if it is no ratio. */
  readonly unit?: 'µs' | 'ms' | 'pp' | '%' | '/s' | undefined;
}

export function isMet({ goal, found }: Finding): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? found.median <= goal.atMost : found.median >= goal.atLeast;
}
