import { expect, it } from 'vitest';
import { sharedPostgres } from '../support/services/index.js';
import { faultOf, parseOptions } from './options.js';
import type { Pace } from './period.js';
import { type Outcome, run } from './run.js';
import type { Mode } from './settings.js';
import { shareOf, sumOf, tableOf } from './table.js';

/** Less patient than `npm run torture`. */
const PACE: Pace = { warmUp: 600, fault: 1_400, recovery: 700 };

const seed = Number(process.env['CACHETASTIC_TEST_SEED'] ?? Date.now() % 1_000_000);

async function play(mode: Mode, ids: readonly string[]): Promise<Outcome> {
  const faults = ids.map(faultOf);
  const postgresUrl = await sharedPostgres();
  const outcome = await run({ mode, seed, processes: 2, postgresUrl, faults, pace: PACE, lasts: 0 });
  console.log(`seed ${seed}\n${tableOf(mode, outcome.findings)}`);
  return outcome;
}

function check({ findings, stories }: Outcome, faults: number): void {
  expect(stories.join('\n\n')).toBe('');
  expect(findings).toHaveLength(faults);
  expect(sumOf(findings, ({ reads }) => reads)).toBeGreaterThan(faults * 20);
  expect(sumOf(findings, ({ writes }) => writes)).toBeGreaterThan(faults);
  // Without hits nothing is proved.
  expect(shareOf('memory', findings)).toBeGreaterThan(0.1);
}

it.concurrent('bounded reads are never staler than maxStaleness, whatever fails', async () => {
  check(await play('bounded', ['F3', 'F8']), 2);
});

it.concurrent('strong reads are never stale, whatever fails', async () => {
  check(await play('strong', ['F6s', 'F10']), 2);
});

it('an invalid command line option is refused with the allowed values', () => {
  expect(() => parseOptions(['--faults', 'F0,F99'])).toThrow("--faults: got 'F99', allowed: F0, F1,");
  expect(() => parseOptions(['--mode', 'weak'])).toThrow("--mode: got 'weak', allowed: bounded, strong");
  expect(() => parseOptions(['--processes', '1'])).toThrow(
    "--processes: got '1', allowed: a whole number from 2 to 16",
  );
});
