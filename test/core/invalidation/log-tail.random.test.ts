import { expect, it } from 'vitest';
import { SimulatedNodes } from '../../support/simulated-nodes.js';

// To replay or to search on: CT_SEED=123 CT_RUNS=10000 npx vitest run test/core/invalidation/log-tail.random.test.ts
const first = Number(process.env['CT_SEED'] ?? 1);
const runs = Number(process.env['CT_RUNS'] ?? 120);
const STEPS = 400;

it(`answers no read too old, however messages race and get lost (seeds ${first} to ${first + runs - 1})`, async () => {
  const failures: string[] = [];
  let reads = 0;
  let hits = 0;
  for (let seed = first; seed < first + runs; seed++) {
    const nodes = new SimulatedNodes(seed);
    await nodes.run(STEPS);
    reads += nodes.reads;
    hits += nodes.hits;
    const ill = await nodes.recover();
    for (const what of [...nodes.violations, ...ill]) failures.push(`seed ${seed}: ${what}`);
  }

  expect(failures).toEqual([]);
  // A run that never serves from memory proves nothing.
  expect(hits / reads).toBeGreaterThan(0.2);
}, 600_000);
