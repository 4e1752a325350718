import { FAIL_OVER_FAULTS } from './fail-over.js';
import type { Fault, Hand } from './fault.js';
import { NETWORK_FAULTS } from './network.js';
import { PROCESS_FAULTS } from './process.js';
import { REDIS_FAULTS } from './redis.js';

const ONE = ['F9', 'F10', 'F12', 'F13'];
const OTHER = ['F2', 'F3', 'F4', 'F6', 'F6s', 'F8', 'F8c', 'F8d', 'F9r', 'F18', 'F19'];

/** Two faults at the same time. */
export const PAIRS: readonly Fault[] = [
  {
    ...{ id: 'F30', name: 'two of them at once' },
    run: (hand) => Promise.all([ONE, OTHER].map((ids) => pick(hand, ids)?.run(hand))),
  },
];

function pick({ random }: Hand, ids: readonly string[]): Fault | undefined {
  const id = ids[Math.floor(random() * ids.length)];
  return [...PROCESS_FAULTS, ...REDIS_FAULTS, ...FAIL_OVER_FAULTS, ...NETWORK_FAULTS].find((fault) => fault.id === id);
}
