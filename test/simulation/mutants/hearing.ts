import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const VIEW = `${CORE}/tail/log-view.ts`;
const HEARD = `${CORE}/tail/heard-records.ts`;

/** What a process believes that it only heard in a message. */
export const HEARING_MUTANTS: readonly Mutant[] = [
  {
    name: 'messages count as read from the log',
    rule: 'A record that a message brought is read in the log by the next sync.',
    edits: [{ file: VIEW, find: 'if (!this.#shared) this.#read = position;', replace: 'this.#read = position;' }],
    mode: 'bounded',
    seed: 15,
  },
  {
    name: 'only the numbers of heard records are compared',
    rule: 'A record is compared with all that a message said of it.',
    edits: [
      {
        file: HEARD,
        find: 'return JSON.stringify(heard.record) !== JSON.stringify(record);',
        replace: 'return heard.record.seq !== record.seq;',
      },
    ],
    mode: 'bounded',
    seed: 172,
  },
  {
    name: 'stamps survive a doubt',
    rule: 'An answer that was stamped after a wrong message is not right.',
    edits: [{ file: VIEW, find: 'if (stamp.doubts !== this.#doubts) return false;', replace: '' }],
    mode: 'bounded',
    seed: 136,
  },
  {
    name: 'other processes are given unproven stamps',
    rule: 'A stamp that rests on a message alone is not given to other processes.',
    edits: [
      {
        file: VIEW,
        find: 'if (stamp.seq <= read.seq) return { epoch: stamp.epoch, seq: stamp.seq };',
        replace: 'if (stamp.seq >= 0) return { epoch: stamp.epoch, seq: stamp.seq };',
      },
    ],
    mode: 'bounded',
    seed: 172,
  },
  {
    name: 'an own record is taken for what a message said',
    rule: 'A write of this process counts for its own reads, also if a message had claimed its position.',
    edits: [
      {
        file: HEARD,
        find: "return heard === undefined || ('record' in heard && !isRecordOf(heard.record, own));",
        replace: 'return heard === undefined && own === undefined;',
      },
    ],
    mode: 'bounded',
    seed: 172,
  },
  {
    name: 'intents of a wrong message stay',
    rule: 'After a wrong message the log is asked which intents are open.',
    edits: [{ file: VIEW, find: 'return this.#doubted ? undefined : this.#read;', replace: 'return this.#read;' }],
    mode: 'strong',
    seed: 306,
  },
  {
    name: 'stamps of a doubt are given to other processes',
    rule: 'What was stamped before a doubt is not given to other processes.',
    edits: [
      {
        file: VIEW,
        find: 'if (this.#doubted || stamp.doubts !== this.#doubts || read?.epoch !== stamp.epoch) return undefined;',
        replace: 'if (read?.epoch !== stamp.epoch) return undefined;',
      },
    ],
    mode: 'bounded',
    seed: 2906,
  },
  {
    name: 'intents in messages hide writes',
    rule: 'An answer whose stamp rests on heard records goes to other processes only if none of them may affect it.',
    edits: [
      {
        file: VIEW,
        find: 'return heardOf || this.#records.base > read.seq ? undefined : { epoch: read.epoch, seq: read.seq };',
        replace:
          'return this.#records.base > read.seq ? undefined : { epoch: read.epoch, seq: heardOf ? stamp.seq : read.seq };',
      },
    ],
    mode: 'bounded',
    seed: 331,
  },
];
