import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Measured } from '../../support/heap/main.js';

const MAIN = fileURLToPath(new URL('../../support/heap/main.ts', import.meta.url));

/** Megabytes of each shape: enough for what the process itself needs to be small beside it. */
const MEGABYTES = '6';

describe('the bound of the memory tier', () => {
  let measured: readonly Measured[];

  beforeAll(async () => {
    const args = ['--expose-gc', '--import', 'tsx', MAIN, MEGABYTES];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    measured = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Measured);
  });

  it('keeps the real heap below 1.3 times the estimate, whatever the shape of the data', () => {
    expect(measured.length).toBeGreaterThan(15);
    expect(measured.filter(({ factor }) => factor > 1.3)).toEqual([]);
  });

  it('estimates at most 2.5 times the real heap', () => {
    expect(measured.filter(({ factor }) => factor < 0.4)).toEqual([]);
  });
});
