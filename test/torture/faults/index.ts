import { FAIL_OVER_FAULTS } from './fail-over.js';
import type { Fault } from './fault.js';
import { NETWORK_FAULTS } from './network.js';
import { PAIRS } from './pairs.js';
import { PROCESS_FAULTS } from './process.js';
import { REDIS_FAULTS } from './redis.js';

export type { Fault, Hand } from './fault.js';

/** Every fault, in the order of the report. */
export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...REDIS_FAULTS,
  ...FAIL_OVER_FAULTS,
  ...NETWORK_FAULTS,
  ...PAIRS,
].toSorted((one, other) => numberOf(one) - numberOf(other));

function numberOf({ id }: Fault): number {
  return Number.parseInt(id.slice(1), 10);
}
