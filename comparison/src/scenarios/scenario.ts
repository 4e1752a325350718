import type { World } from '../world.js';

/** How long things last, in milliseconds. */
export interface Durations {
  /** Redis is dead. */
  readonly killed: number;
  /** Redis is stopped. */
  readonly stopped: number;
  /** A node has no way to Redis while it writes. */
  readonly cutOff: number;
  /** How long answers are fresh where it matters to see them expire. */
  readonly ttl: number;
  /** How often what can only go right or wrong is repeated. */
  readonly repetitions: number;
}

/** One column of a scenario's table. */
export interface Column<Found> {
  readonly heading: string;
  readonly cell: (found: Found) => string;
}

/** Something that happens to a cache, and what is found. */
export interface Scenario<Found> {
  /** As `--only` names it. */
  readonly id: string;
  readonly title: (durations: Durations) => string;
  /** How long answers are fresh, in milliseconds. */
  readonly ttl: (durations: Durations) => number;
  /** How long it may take at most before it counts as hung, in milliseconds. */
  readonly limit: (durations: Durations) => number;
  readonly columns: ReadonlyArray<Column<Found>>;
  readonly play: (world: World, durations: Durations) => Promise<Found>;
}

/** What several scenarios have in common that differ in what happens. */
export type Family<Found> = Omit<Scenario<Found>, 'id' | 'title'>;

/** What subscriptions are given to be there, in milliseconds. */
export const SUBSCRIBING = 1_000;
/** A time to live that no scenario outlasts, in milliseconds. */
export const LONG = 600_000;
