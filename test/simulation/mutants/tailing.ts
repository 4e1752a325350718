import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const TAIL = `${CORE}/tail/log-tail.ts`;
const SYNC = `${CORE}/tail/log-sync.ts`;
const VIEW = `${CORE}/tail/log-view.ts`;
const HEARD = `${CORE}/tail/heard-records.ts`;

/** How a process follows the log. */
export const TAILING_MUTANTS: readonly Mutant[] = [
  {
    name: 'memory without a confirmation',
    rule: 'Entries are judged only within the bound after a confirming sync.',
    edits: [
      {
        file: `${CORE}/tail/confirmation.ts`,
        find: 'return now - this.#sentAt <= this.#maxStaleness;',
        replace: 'return this.#sentAt > Number.NEGATIVE_INFINITY;',
      },
    ],
    mode: 'bounded',
    seed: 71,
  },
  {
    name: 'confirmed at the reply',
    rule: 'A confirmation is as old as the question, not as the answer.',
    edits: [
      {
        file: SYNC,
        find: 'return this.#confirm(sentAt);',
        replace: 'return this.#confirm(clock.now());',
      },
    ],
    mode: 'bounded',
    seed: 6093,
  },
  {
    name: 'confirmed by a message',
    rule: 'Pushed records confirm nothing: they may have waited while the process stood still.',
    edits: [
      {
        file: TAIL,
        find: "if (heard === 'contradicted' || heard === 'ahead') this.#sync.runAgain();",
        replace:
          "if (heard === 'contradicted' || heard === 'ahead') this.#sync.runAgain(); else this.#confirmation.renew(this.#clock.now());",
      },
    ],
    mode: 'bounded',
    seed: 459,
  },
  {
    name: 'confirmed by a piece',
    rule: 'A long continuation confirms only when its last piece is applied.',
    edits: [
      {
        file: SYNC,
        find: 'if (after !== undefined && after.seq >= reply.head) {',
        replace: 'if (after !== undefined) {',
      },
    ],
    mode: 'bounded',
    seed: 498,
  },
  {
    name: 'waiting changes are not delivered',
    rule: 'What waits is appended before anything is confirmed again.',
    edits: [
      {
        file: `${CORE}/tail/outbox.ts`,
        find: 'const waiting = this.#changes.gather();',
        replace: 'const waiting = this.size < 0 ? this.#changes.gather() : undefined;',
      },
    ],
    mode: 'bounded',
    seed: 2,
  },
  {
    name: 'gap not detected',
    rule: 'A record that does not follow the last one is not applied: the log is asked for what lies between.',
    edits: [
      {
        file: VIEW,
        find: "if (known === undefined || epoch !== known.epoch || record.seq > known.seq + 1) return 'ahead';",
        replace: "if (known === undefined || epoch !== known.epoch) return 'ahead';",
      },
      // Would notice, too: what lies between was never heard of.
      { file: HEARD, find: 'if (heard === undefined) return true;', replace: 'if (heard === undefined) return false;' },
    ],
    mode: 'bounded',
    seed: 16,
  },
  {
    name: 'records of another epoch applied',
    rule: 'A record of an unknown epoch is not applied.',
    edits: [
      {
        file: VIEW,
        find: "if (known === undefined || epoch !== known.epoch || record.seq > known.seq + 1) return 'ahead';",
        replace: "if (known === undefined || record.seq > known.seq + 1) return 'ahead';",
      },
      // Would notice, too: it is not the record of that position.
      { file: VIEW, find: 'if (this.#heard.contradicts(record)) {', replace: 'if (this.#position === undefined) {' },
    ],
    mode: 'bounded',
    seed: 240,
  },
  {
    name: 'reply of an earlier epoch applied',
    rule: 'An answer that was asked for in an earlier life is dropped.',
    edits: [
      {
        file: SYNC,
        find: "if (life !== this.#life) return 'overtaken';",
        replace: '',
      },
      {
        // Would notice, too: the log seems to return to a life that had ended, or to lack what another took.
        file: `${CORE}/tail/log-lives.ts`,
        find: 'return lacks;\n  }',
        replace: 'return false;\n  }',
      },
    ],
    mode: 'bounded',
    seed: 3279,
  },
  {
    name: 'own append jumps the position',
    rule: 'The position never jumps over records that were not seen.',
    edits: [
      {
        file: VIEW,
        find: 'if (position.seq > known.seq + 1) {',
        replace:
          'if (position.seq > known.seq + 1) { this.apply(known, { seq: position.seq, changes }); return "known"; } {',
      },
      // Would notice, too: what lies between was never heard of.
      { file: HEARD, find: 'if (heard === undefined) return true;', replace: 'if (heard === undefined) return false;' },
    ],
    mode: 'bounded',
    seed: 16,
  },
  {
    name: 'own record ahead not judged',
    rule: 'An own record beyond the position judges entries beside the others.',
    edits: [
      {
        file: VIEW,
        find: 'return !this.#own.mayAffect(footprint, stamp);',
        replace: 'return true;',
      },
    ],
    mode: 'bounded',
    seed: 35,
  },
  {
    name: 'view kept when the own append came from another epoch',
    rule: 'An own append in another epoch voids what is known.',
    edits: [
      {
        file: TAIL,
        find: "if (place !== 'ahead') this.#sync.withdraw();",
        replace: "if (place === 'contradicted') this.#sync.withdraw();",
      },
      {
        // Would notice, too: the log seems to return to a life that had ended, or to lack what another took.
        file: `${CORE}/tail/log-lives.ts`,
        find: 'return lacks;\n  }',
        replace: 'return false;\n  }',
      },
    ],
    mode: 'bounded',
    seed: 8264,
  },
  {
    name: 'epochs not compared',
    rule: 'An entry of another epoch is not right.',
    edits: [
      {
        file: VIEW,
        find: 'if (stamp.epoch !== this.#position?.epoch || stamp.seq < this.#records.base) return false;',
        replace: 'if (stamp.seq < this.#records.base) return false;',
      },
    ],
    mode: 'bounded',
    seed: 30,
  },
  {
    name: 'trimmed records not missed',
    rule: 'An entry that is older than the records which are kept is not right.',
    edits: [
      {
        file: VIEW,
        find: 'if (stamp.epoch !== this.#position?.epoch || stamp.seq < this.#records.base) return false;',
        replace: 'if (stamp.epoch !== this.#position?.epoch) return false;',
      },
    ],
    mode: 'bounded',
    seed: 12,
  },
];
