import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const TAIL = `${CORE}/tail/log-tail.ts`;
const PENDING = `${CORE}/tail/pending-changes.ts`;
const WRITER = `${CORE}/write/writer.ts`;

/** How writes are announced and appended. */
export const WRITING_MUTANTS: readonly Mutant[] = [
  {
    name: 'append before commit',
    rule: 'The record is appended after the commit.',
    edits: [
      {
        file: WRITER,
        find: 'const announced = await this.announce(intend);\n    let value: Value;',
        replace:
          'const announced = await this.announce(intend);\n    let value: Value;\n    await this.append(this.#described(describe, { ok: true, value: undefined as Value }), announced); describe = () => [];',
      },
    ],
    mode: 'bounded',
    seed: 2,
  },
  {
    name: 'resolved before the append',
    rule: 'Whoever wrote is answered when this process reads what was written.',
    edits: [
      {
        file: WRITER,
        find: 'await this.append(this.#described(describe, { ok: true, value }), announced);',
        replace: 'setImmediate(() => void this.append(this.#described(describe, { ok: true, value }), announced));',
      },
    ],
    mode: 'bounded',
    seed: 6,
  },
  {
    name: 'pending changes not judged',
    rule: 'What the log has not acknowledged affects every entry of this process.',
    edits: [
      {
        file: TAIL,
        find: 'return this.view.isUnaffected(stamp, footprint) && ',
        replace: 'return this.view.isUnaffected(stamp, footprint); ',
      },
    ],
    mode: 'bounded',
    seed: 85,
  },
  {
    name: 'overflow drops silently',
    rule: 'Changes that overflow the queue become one that affects everything.',
    edits: [
      {
        file: PENDING,
        find: 'this.#add({\n      changes: [EVERYTHING],',
        replace: 'void originsOf;\n    if (waiting < 0) this.#add({\n      changes: [EVERYTHING],',
      },
    ],
    mode: 'bounded',
    seed: 783,
  },
  {
    name: 'unknown outcome counts as failure',
    rule: 'A write of which nobody knows whether it happened is appended.',
    edits: [
      {
        file: WRITER,
        find: 'const changes = this.#described(describe, { ok: false, error });',
        replace: 'const changes: readonly Change[] = []; void error;',
      },
    ],
    mode: 'strong',
    seed: 85,
  },
  {
    name: 'unknown outcome closes its intent',
    rule: 'The intent of a write whose outcome is unknown stands until the database can no longer commit it.',
    edits: [
      {
        file: WRITER,
        find: 'await this.append(changes, changes.length === 0 ? announced : []);',
        replace: 'await this.append(changes, announced);',
      },
    ],
    mode: 'strong',
    seed: 492,
  },
  {
    name: 'lease counted from the response',
    rule: 'The lease counts from the moment the intent was sent.',
    edits: [
      {
        file: `${CORE}/tail/announce.ts`,
        find: 'const position = await log.announce(changes, terms);',
        replace:
          'const position = await log.announce(changes, terms).then((taken) => { sentAt = clock.now(); return taken; });',
      },
      {
        file: `${CORE}/tail/announce.ts`,
        find: 'const sentAt = clock.now();',
        replace: 'let sentAt = clock.now();',
      },
    ],
    mode: 'strong',
    seed: 2487,
  },
];
