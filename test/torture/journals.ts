import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line } from './history.js';

/** The files in which processes note down what they do. */
export class Journals {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'cachetastic-torture-'));
  /** How much of each was read. */
  readonly #read = new Map<string, number>();

  /** @returns A file for a process. */
  file(name: string): string {
    const path = join(this.folder, `${name}.jsonl`);
    this.#read.set(path, 0);
    return path;
  }

  /** What was noted since the last time. */
  take(): Line[] {
    return [...this.#read].flatMap(([path, from]) => {
      const text = readFileSync(path).subarray(from);
      const end = text.lastIndexOf('\n') + 1;
      this.#read.set(path, from + end);
      const lines = text.subarray(0, end).toString().split('\n').slice(0, -1);
      return lines.map((line): Line => JSON.parse(line));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
