import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const TAIL = `${CORE}/tail/log-tail.ts`;
const VIEW = `${CORE}/tail/log-view.ts`;
const WRITES = `${CORE}/tail/open-writes.ts`;
const JUDGMENT = `${CORE}/read/judgment.ts`;
const STRONG = `${CORE}/read/strong-reads.ts`;

/** What strong reads and intents need in addition. */
export const STRONG_READING_MUTANTS: readonly Mutant[] = [
  {
    name: 'strong without suspension',
    rule: 'What an open intent may affect is not served strongly.',
    edits: [
      {
        file: WRITES,
        find: 'return this.isQuarantined || ',
        replace: 'return this.isQuarantined; ',
      },
    ],
    mode: 'strong',
    seed: 12,
  },
  {
    name: 'strong without quarantine',
    rule: 'After a new epoch nothing is served or kept until announced writes can no longer commit.',
    edits: [
      {
        file: WRITES,
        find: 'if (this.#fence > 0 && anotherEpoch) ',
        replace: 'if (this.#fence < 0) ',
      },
    ],
    mode: 'strong',
    seed: 554,
  },
  {
    name: 'quarantine too short',
    rule: 'The quarantine lasts as long as the fence.',
    edits: [
      {
        file: WRITES,
        find: 'this.quarantinedUntil = this.#clock.now() + this.#fence;',
        replace: 'this.quarantinedUntil = this.#clock.now() + this.#fence / 4;',
      },
    ],
    mode: 'strong',
    seed: 336,
  },
  {
    name: 'no quarantine for newcomers',
    rule: 'A process that starts cannot know how old the epoch is.',
    edits: [
      {
        file: VIEW,
        find: 'this.#writes.reset(intents, epoch !== this.#position?.epoch);',
        replace: 'this.#writes.reset(intents, this.#position !== undefined && epoch !== this.#position.epoch);',
      },
    ],
    mode: 'strong',
    seed: 12108,
  },
  {
    name: 'strong by a bounded confirmation',
    rule: 'A strong read asks the log.',
    edits: [
      {
        file: STRONG,
        find: 'const confirmed = await tail.confirmAgain();',
        replace: 'const confirmed = await tail.confirm();',
      },
    ],
    mode: 'strong',
    seed: 12,
  },
  {
    name: 'strong joins the sync under way',
    rule: 'A strong read asks the log after it was asked itself.',
    edits: [
      {
        file: TAIL,
        find: 'await this.#sync.ended();\n    return (await this.#ask())',
        replace: 'return (await this.#ask())',
      },
    ],
    mode: 'strong',
    seed: 3036,
  },
  {
    name: 'strong joins older loads',
    rule: 'A strong read joins only loads that began after it.',
    edits: [
      {
        file: STRONG,
        find: 'if (joined !== undefined && joined.number > startedBefore) {',
        replace: 'if (joined !== undefined) {',
      },
    ],
    mode: 'strong',
    seed: 10,
  },
  {
    name: 'strong while unconfirmed',
    rule: 'Without an answer of the log the database answers.',
    edits: [
      {
        file: STRONG,
        find: 'const found = confirmed && !suspended ? await',
        replace: 'const found = tail.isConfirmed() && !suspended ? await',
      },
    ],
    mode: 'strong',
    seed: 442,
  },
  {
    name: 'intents forgotten on reset',
    rule: 'A reset brings what is open.',
    edits: [
      {
        file: VIEW,
        find: 'this.#writes.reset(intents, epoch',
        replace: 'void intents; this.#writes.reset([], epoch',
      },
    ],
    mode: 'strong',
    seed: 1131,
  },
  {
    name: 'expired intents no longer suspend',
    rule: 'A write whose lease ran out may still commit until the fence.',
    edits: [
      {
        file: WRITES,
        find: 'if (expires !== undefined) this.#open.set(expires, { seq: expires, changes, expired: true });',
        replace: 'if (expires !== undefined) this.#open.delete(expires);',
      },
    ],
    mode: 'strong',
    seed: 680,
  },
  {
    name: 'forsaken fills kept',
    rule: 'What a write that nobody answers for may still change is not kept.',
    edits: [
      {
        file: JUDGMENT,
        find: 'return view.mayStillCommit(footprint) ?',
        replace: 'return view.mayStillCommit({ dependencies: [], tags: [] }) ?',
      },
    ],
    mode: 'bounded',
    seed: 8766,
  },
];
