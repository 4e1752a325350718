import { machineTime } from '../../support/versioned-reads.js';
import { ITEMS } from '../settings.js';

/** How long one item is in fashion, in milliseconds. */
const LASTS = 1_000;

/**
 * The item that everybody writes at the moment, by its id: where reads and writes do not meet, nothing can go wrong.
 * Processes agree on it because they share the clock.
 *
 * @param fashions - How many fashions ago: what is wrong with an item shows when nobody writes it any more.
 */
export function itemInFashion(fashions = 0): number {
  return 1 + (((Math.floor(machineTime() / LASTS) - fashions) * 7) % ITEMS);
}
