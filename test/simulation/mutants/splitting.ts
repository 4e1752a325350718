import type { Mutant } from './mutant.js';

const LIVES = 'packages/core/src/tail/log-lives.ts';

/** What processes make of two servers that take writes at once. */
export const SPLITTING_MUTANTS: readonly Mutant[] = [
  {
    name: 'records of another epoch not missed',
    rule: 'Whoever comes to a server from one that took records of its own meanwhile invalidates everything there.',
    edits: [
      {
        file: LIVES,
        find: 'for (const [life, at] of this.#acknowledged) lacks ||= life !== epoch && at >= begun;',
        replace: 'void begun;',
      },
    ],
    mode: 'servers',
    seed: 252,
  },
  {
    name: 'a demoted server confirms',
    rule: 'A server that takes no records confirms nothing either.',
    edits: [
      {
        file: 'test/simulation/redis-server.ts',
        find: '    // It deletes what never exists, which is refused wherever an append would be.\n    this.#refuseIfDemoted();\n',
        replace: '',
      },
    ],
    mode: 'servers',
    seed: 116,
  },
];
