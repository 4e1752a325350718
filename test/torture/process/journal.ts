import { openSync, writeSync } from 'node:fs';
import { machineTime } from '../../support/versioned-reads.js';
import type { Line } from '../history.js';

/** Times are recorded to the microsecond. */
const round = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1e3) / 1e3 : value;

/** Notes down what a process does, at once: it may not live to tell. */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  note(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line, round)}\n`);
  }

  now(): number {
    return machineTime();
  }
}
