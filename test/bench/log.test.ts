import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('the benchmark of the log measures in processes of its own', async () => {
  const options = ['--import', 'tsx', 'bench/src/main.ts', '--quick', '--rounds', '1', '--only', 'T14,T17'];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: root });

  const numbers = new Map(
    [...stdout.matchAll(/^T\d+ (.{57}) .{7} +([\d.]+) ?(\S*)/gm)].map(([, what = '', number, unit]) => [
      what.trim(),
      { number: Number(number), unit },
    ]),
  );
  expect(numbers.get('appends by one process, 16 at once')?.number).toBeGreaterThan(0);
  const script = numbers.get('Redis per append, the script, 16 at once')?.number;
  expect(script).toBeGreaterThan(1);
  expect(script).toBeLessThan(10_000);
  // It throws if memory answered with what was before a write for good.
  expect(numbers.get('2,500 writes until another memory stops: max')).toMatchObject({ unit: 'ms' });
  expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
});
