import { machineTime } from '../../support/versioned-reads.js';
import { ITEMS } from '../settings.js';

/** How long one item is in fashion, in milliseconds. */
const LASTS = 1_000;

/**
 * The item that everybody reads and writes at the moment, by its id: where writes and reads do not meet, nothing can go
 * wrong. Processes agree on it because they share the clock.
 */
export function itemInFashion(): number {
  return 1 + ((Math.floor(machineTime() / LASTS) * 7) % ITEMS);
}
