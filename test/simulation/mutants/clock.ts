import type { Mutant } from './mutant.js';

const TIME = 'packages/core/src/tail/log-time.ts';
const SYNC = 'packages/core/src/tail/log-sync.ts';

/** What processes make of the log's time, whose clock is set forward and back. */
export const CLOCK_MUTANTS: readonly Mutant[] = [
  {
    name: 'clock set back not detected',
    rule: 'A step of the log back invalidates everything: what was dated before is older than its date says.',
    edits: [
      {
        file: TIME,
        find: "this.#events.emit({ type: 'widened', query: 'sync', reason: 'clock-set-back' });\n    return true;",
        replace: "this.#events.emit({ type: 'widened', query: 'sync', reason: 'clock-set-back' });\n    return false;",
      },
    ],
    mode: 'servers',
    seed: 57,
  },
  {
    name: 'clock set back not reported to others',
    rule: 'Whoever notices a step back tells the others of it: they share entries from before.',
    edits: [
      {
        file: SYNC,
        find: 'if (this.#lives.lacksRecords(reply, sentAt) || wentBack) outbox.strandEverything();',
        replace:
          'if (this.#lives.lacksRecords(reply, sentAt)) outbox.strandEverything(); if (wentBack) view.distrust();',
      },
    ],
    mode: 'servers',
    seed: 57,
  },
];
