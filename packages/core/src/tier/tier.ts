import type { Entry } from '../entry/entry.js';

/** A level of the cache that other processes share. Implement it to add a store; `testing/tier-contract` defines what an implementation must pass. */
export interface Tier {
  /** Names the tier in events, reports and counts, such as `'redis'`. Not `'memory'`, `'shared-load'` or `'origin'`. */
  readonly name: string;

  /**
   * Looks `key` up. Look-ups of one turn of the event loop may travel together.
   *
   * @returns The entry, stale or not, or `undefined` on a miss. Judging it is the caller's business.
   * @throws {@link TierUnavailableError} if the store cannot answer. {@link CodecError} if what it holds cannot be read. Never throws for a miss.
   */
  get(key: string): Promise<Entry | undefined>;

  /**
   * Stores `entry` for `life` milliseconds, replacing what was there. A tier may drop it sooner for room.
   *
   * @throws {@link TierUnavailableError} if the store cannot take it. {@link CodecError} if the value cannot be encoded exactly.
   */
  set(key: string, entry: Entry, life: number): Promise<void>;

  /** Removes `keys`. Absent keys are not an error. */
  delete(keys: readonly string[]): Promise<void>;

  /** Releases what the tier holds. Never throws. */
  close(): Promise<void>;
}
