import type { Mutant } from './mutant.js';

const SERVER = 'test/simulation/redis-server.ts';

/** What the scripts in Redis do, broken in the simulated server. */
export const SERVING_MUTANTS: readonly Mutant[] = [
  {
    name: 'no run id in the epoch',
    rule: 'A restarted or promoted server begins a new epoch.',
    edits: [
      {
        file: SERVER,
        find: 'if (this.#keys.v === undefined || !this.#keys.v.epoch.startsWith(this.#run)) this.#restart();',
        replace: 'if (this.#keys.v === undefined) this.#restart();',
      },
    ],
    mode: 'bounded',
    seed: 1,
  },
  {
    name: 'hole in the log handed over',
    rule: 'Records that were trimmed or evicted are never "no records".',
    edits: [
      {
        file: SERVER,
        find: 'if (!whole || records.length < Math.min(head - known.seq, this.#options.piece)) return reset();',
        replace:
          'void whole; if (records.length === 0 && known.seq < head) return { ...reset(), kind: "continuation", head: known.seq };',
      },
    ],
    mode: 'bounded',
    seed: 70,
  },
  {
    name: 'intents never expire',
    rule: 'Whoever asks the log after a lease gets a record of what may have happened.',
    edits: [
      {
        file: SERVER,
        find: 'if (due > time) break;',
        replace: 'if (due > 0) break;',
      },
    ],
    mode: 'bounded',
    seed: 505,
  },
  {
    name: 'lost intents not missed',
    rule: 'Intents that were evicted make everything doubtful.',
    edits: [
      {
        file: SERVER,
        find: 'if (keys.due.size !== this.#open || keys.open.size !== this.#open) this.#restart();',
        replace: '',
      },
    ],
    mode: 'strong',
    seed: 345,
  },
];
