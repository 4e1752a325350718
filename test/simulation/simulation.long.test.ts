import { describe, expect, it } from 'vitest';
import { runMutant } from './mutant-run.js';
import { MUTANTS } from './mutants.js';
import { simulate } from './run.js';
import { MODES } from './settings.js';

// More seeds, every mutant, and the story of a seed: npm run simulate -- --help
const SEEDS = 150;
/** One of each kind of mutants: each is shown by the seed it names. */
const FAST = [
  'stamp after load',
  'epochs not compared',
  'append before commit',
  'strong without suspension',
  'no run id in the epoch',
  'replica stamped like the primary',
  'closed while others follow',
  'entries of any key',
  'other processes are given unproven stamps',
];

describe('a simulated world', () => {
  it.each(MODES)('in mode %s serves no wrong result, whatever fails', async (mode) => {
    const { failures, reads, sources } = await simulate({ mode, first: 1, seeds: SEEDS });

    expect(failures.map(({ seed, what }) => `seed ${seed}: ${what}`)).toEqual([]);
    // A cache that never answers proves nothing.
    expect(sources.memory / reads).toBeGreaterThan(0.05);
    expect(sources.redis / reads).toBeGreaterThan(0.02);
    expect(sources['shared-load'] / reads).toBeGreaterThan(0.05);
  });

  it('runs identically for the same seed', async () => {
    const plan = { mode: 'strong', first: 77, seeds: 10 } as const;

    const [once, again] = [await simulate(plan), await simulate(plan)];

    expect({ ...once, milliseconds: 0 }).toEqual({ ...again, milliseconds: 0 });
  });
});

describe('the simulation detects a broken rule', () => {
  const fast = MUTANTS.filter(({ name }) => FAST.includes(name));

  it.each(fast)(
    'by a wrong result: $name',
    async (mutant) => {
      const { caughtBy } = await runMutant(mutant, 500);

      expect(caughtBy).toBeGreaterThan(0);
    },
    120_000,
  );
});
