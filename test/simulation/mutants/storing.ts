import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const CODEC = `${CORE}/log/record-codec.ts`;

/** What entries and records say in Redis. */
export const STORING_MUTANTS: readonly Mutant[] = [
  {
    name: 'entries of any key',
    rule: 'An entry that stands under the key of another one is corrupt.',
    edits: [
      {
        file: `${CORE}/entry/frame.ts`,
        find: 'return crc32(body, crc32(key));',
        replace: 'return crc32(body, key.length * 0);',
      },
    ],
    mode: 'bounded',
    seed: 18,
  },
  {
    name: 'rows of one group only',
    rule: 'A record that names changes in groups names every row.',
    edits: [
      {
        file: `${CORE}/log/grouped-changes.ts`,
        find: 'const kind = JSON.stringify([op, before, after]);',
        replace: 'const kind = JSON.stringify([op]);',
      },
    ],
    mode: 'bounded',
    seed: 520,
  },
  {
    name: 'records cut short',
    rule: 'A record that would be too large says that more has changed, not less.',
    edits: [
      { file: CODEC, find: 'fitting(withoutFacts(changes)) ??', replace: 'fitting(withoutFacts(changes).slice(1)) ??' },
    ],
    mode: 'bounded',
    seed: 244,
  },
];
