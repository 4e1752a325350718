import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const FOLLOWED = `${CORE}/tail/followed-log.ts`;
const NEIGHBOURS = `${CORE}/tail/neighbours.ts`;

/** What the caches of one process know of each other. */
export const NEIGHBOUR_MUTANTS: readonly Mutant[] = [
  {
    name: 'neighbours are not informed',
    rule: 'Every cache of a process knows of a write before its caller does, whatever its options.',
    edits: [{ file: FOLLOWED, find: 'neighbours.tell(changes);', replace: 'void neighbours;' }],
    mode: 'neighbours',
    seed: 170,
  },
  {
    name: 'neighbours are informed after the log',
    rule: 'A write that waits for the log is known to the other caches of its process.',
    edits: [
      {
        file: FOLLOWED,
        find: 'neighbours.tell(changes);',
        replace: 'void appending.then((taken) => taken && neighbours.tell(changes));',
      },
    ],
    mode: 'neighbours',
    seed: 1078,
  },
  {
    name: 'waiting changes are not handed over',
    rule: 'A cache that joins takes over the changes that other caches of its process still wait to deliver.',
    edits: [
      { file: NEIGHBOURS, find: "this.#each('join', ", replace: "if (this.#own === undefined) this.#each('join', " },
    ],
    mode: 'neighbours',
    seed: 68,
  },
  {
    name: 'changes in delivery are not handed over',
    rule: 'Changes that the log has not acknowledged are handed over, also while an attempt to deliver them is under way.',
    edits: [
      {
        file: `${CORE}/tail/pending-changes.ts`,
        find: 'return [...this.#commits].map(',
        replace: 'return this.#stranded().map(',
      },
    ],
    mode: 'neighbours',
    seed: 68,
  },
  {
    name: 'left before the last delivery',
    rule: 'A tail leaves its neighbours when it has delivered everything: a cache that opens meanwhile hears of it.',
    edits: [
      {
        file: FOLLOWED,
        find: 'neighbours.stopHearing();\n      await tail.close();',
        replace: 'neighbours.leave();\n      await tail.close();',
      },
    ],
    mode: 'neighbours',
    seed: 1147,
  },
  {
    name: 'closed while others follow',
    rule: 'The last cache that follows a tail closes it.',
    edits: [{ file: FOLLOWED, find: 'if (lease.end()) {', replace: 'if (!lease.end() || lease.hasOthers) {' }],
    mode: 'neighbours',
    seed: 3,
  },
  {
    name: 'a tail for other options',
    rule: 'Caches of different `maxStaleness` follow different tails.',
    edits: [
      {
        file: FOLLOWED,
        find: '[opened.connection ?? opened.log, opened.log.length, maxStaleness]',
        replace: '[opened.connection ?? opened.log, opened.log.length]',
      },
    ],
    mode: 'neighbours',
    seed: 379,
  },
  {
    name: 'a write that outlives its cache is not reported',
    rule: 'A write that ends after its cache has closed is known to the other caches of its process.',
    edits: [
      {
        file: NEIGHBOURS,
        find: 'return present.size > (present.has(this.#own) ? 1 : 0);',
        replace: 'return present.size > 1;',
      },
    ],
    mode: 'neighbours',
    seed: 200,
  },
];
