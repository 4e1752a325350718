import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const OUTBOX = `${CORE}/tail/outbox.ts`;

/** What becomes of changes that still wait when a cache closes. */
export const CLOSING_MUTANTS: readonly Mutant[] = [
  {
    name: 'lost changes not reported',
    rule: 'What still waits when closing takes too long is reported as lost.',
    edits: [
      {
        file: OUTBOX,
        find: 'const lost = this.#changes.origins();\n    this.#abandoned = true;',
        replace: 'const lost = new Map<Origin, number>();\n    this.#abandoned = true;',
      },
    ],
    mode: 'neighbours',
    seed: 18,
  },
  {
    name: 'writes under way not reported',
    rule: 'Writes that have not ended when closing takes too long are reported as lost.',
    edits: [
      {
        file: `${CORE}/write/writes-under-way.ts`,
        find: "this.#events.emit({ type: 'invalidation-lost', changes: this.#tasks.size });",
        replace: '',
      },
      // Would report it, too, when it has ended.
      {
        file: OUTBOX,
        find: 'if (this.#closed && !this.#abandoned && !(waited && this.#gaveUp)) {',
        replace: 'if (this.size < 0) {',
      },
    ],
    mode: 'neighbours',
    seed: 34,
  },
  {
    name: 'no delivery at the end',
    rule: 'A tail that closes delivers what waits, and reports what it could not deliver.',
    edits: [
      {
        file: `${CORE}/tail/log-tail.ts`,
        find: '    await this.outbox.flush();\n    await this.#log.close();',
        replace: '    await this.#log.close();',
      },
    ],
    mode: 'neighbours',
    seed: 34,
  },
  {
    name: 'a cache that gave up closing stays registered',
    rule: 'A cache that gave up closing is not counted on: the last of the others delivers what waits, or reports it.',
    edits: [
      {
        file: `${CORE}/tail/followed-log.ts`,
        find: 'if (lease.hasOthers) lease.end();\n      else tail.outbox.abandon();',
        replace: 'if (!lease.hasOthers) tail.outbox.abandon();',
      },
    ],
    mode: 'neighbours',
    seed: 3278,
  },
];
