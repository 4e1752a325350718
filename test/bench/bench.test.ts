import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function bench(...parameters: string[]) {
  const options = ['--import', 'tsx', 'bench/src/main.ts', ...parameters];
  return promisify(execFile)(process.execPath, options, { cwd: root });
}

it('the benchmark prints a ratio per line, its goal and whether it is met, in a hundred columns', async () => {
  const { stdout } = await bench('--quick', '--rounds', '1', '--only', 'T1,T9');

  const lines = stdout.split('\n');
  const results = lines.filter((line) => /^T\d+ /.test(line));
  expect(new Set(results.map((line) => line.split(' ')[0]))).toEqual(new Set(['T1', 'T9']));
  expect(results.filter((line) => /[≤≥] [\d.]+ +[\d.]+ .*(met|NOT MET)$/.test(line)).length).toBeGreaterThan(5);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

it('the benchmark refuses an invalid option with the allowed values', async () => {
  await expect(bench('--rounds', 'many')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--rounds: got 'many', allowed: a whole number from 1"),
  });
});
