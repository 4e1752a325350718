import type { Mutant } from './mutant.js';

const CORE = 'packages/core/src';
const LOADER = `${CORE}/read/loader.ts`;
const JUDGMENT = `${CORE}/read/judgment.ts`;
const LOOKUP = `${CORE}/read/lookup.ts`;
const READ = `${CORE}/read/read-through.ts`;

/** How entries are judged, stamped and shared. */
export const READING_MUTANTS: readonly Mutant[] = [
  {
    name: 'stamp after load',
    rule: 'An entry is stamped with the position known before its load began.',
    edits: [
      {
        file: LOADER,
        find: 'return this.#keep(request, loaded, loadedAt, { stamp, why, lag });',
        replace: 'return this.#keep(request, loaded, loadedAt, { stamp: tail.position ?? stamp, why, lag });',
      },
    ],
    mode: 'bounded',
    seed: 6,
  },
  {
    name: 'join any load',
    rule: 'Joining a load is judged like reading an entry with its stamp.',
    edits: [
      {
        file: READ,
        find: 'return tail.isUnaffected(stamp, footprint);',
        replace: 'return true;',
      },
    ],
    mode: 'bounded',
    seed: 16,
  },
  {
    name: 'join as if the rows were known',
    rule: 'Nothing is known of the rows that a load in flight will return.',
    edits: [
      {
        file: READ,
        find: 'return tail.isUnaffected(stamp, footprint);',
        replace:
          'return tail.isUnaffected(stamp, { tags: footprint.tags, dependencies: footprint.dependencies.map((one) => ({ ...one, keys: [] })) });',
      },
    ],
    mode: 'bounded',
    seed: 1699,
  },
  {
    name: 'join without the log after a write',
    rule: 'While the log is away, a load from before a write of this process is not joined.',
    edits: [
      {
        file: READ,
        find: 'return localCommits === tail.localCommits && now',
        replace: 'return now',
      },
    ],
    mode: 'bounded',
    seed: 399,
  },
  {
    name: 'join without the log however old',
    rule: 'While the log is away, a load is joined within the bound on staleness only.',
    edits: [
      {
        file: READ,
        find: 'return localCommits === tail.localCommits && now - startedAt <= tail.maxStaleness;',
        replace: 'return localCommits === tail.localCommits;',
      },
    ],
    mode: 'bounded',
    seed: 8226,
  },
  {
    name: 'serve an invalid entry as stale',
    rule: 'An entry that is not valid is never served, neither fresh nor stale.',
    edits: [
      {
        file: READ,
        find: 'if (!this.#judgment.isValid(resident)) {',
        replace: 'if (resident.entry.staleAt > tail.time(now) && !this.#judgment.isValid(resident)) {',
      },
    ],
    mode: 'bounded',
    seed: 7,
  },
  {
    name: 'grace without judging',
    rule: 'A change during a failed load makes the entry wrong that would stand in for it.',
    edits: [
      {
        file: LOADER,
        find: 'if (!usable || !tail.isConfirmed() || !judgment.isValid(fallback)) throw error;',
        replace: 'if (!usable) throw error;',
      },
    ],
    mode: 'bounded',
    seed: 847,
  },
  {
    name: 'serve unconfirmed without judging',
    rule: 'Without a confirmation memory still answers only with what nothing known affects.',
    edits: [
      {
        file: JUDGMENT,
        find: '<= this.#maxStale && this.isCurrent(resident, lifetime);',
        replace: "<= this.#maxStale && this.freshnessOf(resident, lifetime) === 'fresh';",
      },
    ],
    mode: 'bounded',
    seed: 488,
  },
  {
    name: 'shared tier without judging',
    rule: 'Entries of the shared tier are judged like those in memory.',
    edits: [
      {
        file: LOOKUP,
        find: '|| !tail.isUnaffected(entry.stamp, entry.footprint)) return',
        replace: '|| entry.stamp.epoch !== tail.position?.epoch) return',
      },
    ],
    mode: 'bounded',
    seed: 3,
  },
];
