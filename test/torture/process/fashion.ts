import { machineTime } from '../../support/versioned-reads.js';
import { ITEMS } from '../settings.js';

/** How many items are in fashion together. All of them are read, one of them is written. */
export const FASHIONS = 3;
/** How long one of them is written, in milliseconds. */
const TURN = 1_000;
/** How long they are in fashion, in milliseconds. */
const SEASON = 10_000;

/**
 * An item in fashion, by its id: where reads and writes do not meet, nothing can go wrong. Processes agree on it because
 * they share the clock.
 *
 * @param turnsAgo - 0 is the one that is written now. What is wrong with an item shows when it is no longer written.
 */
export function itemInFashion(turnsAgo = 0): number {
  const now = machineTime();
  const place = (Math.floor(now / TURN) + FASHIONS - turnsAgo) % FASHIONS;
  return 1 + ((Math.floor(now / SEASON) * 7 + place) % ITEMS);
}
