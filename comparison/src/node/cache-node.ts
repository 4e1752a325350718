import type { Call } from './traffic.js';
import type { Sighting } from './watch.js';

/** How one read was answered. */
export interface Answer {
  readonly version: number;
  /** Whether this call loaded; otherwise a cache answered. */
  readonly loaded: boolean;
}

/** How one write went. Times are in `machineTime`. */
export interface Written {
  readonly startedAt: number;
  readonly acknowledgedAt: number;
}

/** One application of several: a cache of its own, and nothing shared with others but Redis and the origin. */
export interface CacheNode {
  read(key: string): Promise<Answer>;
  write(key: string): Promise<Written>;

  /** Begins to ask and to change at a steady pace, whether or not earlier calls were answered. */
  startTraffic(): Promise<void>;
  /** Ends that. @param patience - How long calls under way may take from now on, in milliseconds. */
  stopTraffic(patience: number): Promise<readonly Call[]>;

  /** Begins to read `keys` again and again. */
  startWatch(keys: readonly string[]): Promise<void>;
  /** What was seen so far. */
  sightings(): Promise<readonly Sighting[]>;

  close(): Promise<void>;
}
