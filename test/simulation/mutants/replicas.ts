import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const LOAD_PLAN = `${CORE}/read/load-plan.ts`;
const CHECK = ' || !tail.isUnaffected(stamp, footprint)';

/** When a replica may answer, and what its answer is taken for. */
export const REPLICA_MUTANTS: readonly Mutant[] = [
  {
    name: 'replica after a write',
    rule: 'A replica is asked only what nothing known to be newer than the lag may affect.',
    edits: [{ file: LOAD_PLAN, find: CHECK, replace: '' }],
    mode: 'replicas',
    seed: 3,
  },
  {
    name: 'replica stamped like the primary',
    rule: 'What a replica answers is stamped with the position known as long ago as it may lag.',
    edits: [
      { file: LOAD_PLAN, find: CHECK, replace: ' || !tail.isUnaffected(tail.position ?? stamp, footprint)' },
      { file: LOAD_PLAN, find: "origin: 'any', stamp,", replace: "origin: 'any', stamp: tail.position," },
    ],
    mode: 'replicas',
    seed: 2,
  },
  {
    name: 'replica right after a reset',
    rule: 'A replica is asked only if the log has been known for as long as it may lag.',
    edits: [
      {
        file: `${CORE}/tail/position-history.ts`,
        find: 'if (then < this.#askedAt || then < this.#restartedAt) return undefined;',
        replace: '',
      },
    ],
    mode: 'replicas',
    seed: 31,
  },
  {
    name: 'newest position of a mark',
    rule: 'Of the positions that a mark stands for, the oldest counts.',
    edits: [
      {
        file: `${CORE}/tail/position-history.ts`,
        find: 'last.until = now;',
        replace: 'Object.assign(last, { position, until: now });',
      },
    ],
    mode: 'replicas',
    seed: 808,
  },
  {
    name: 'replica for strong reads',
    rule: 'The primary answers strong reads.',
    edits: [{ file: LOAD_PLAN, find: "consistency === 'strong' || ", replace: '' }],
    mode: 'replicas',
    seed: 149,
  },
];
