import { setTimeout as delay } from 'node:timers/promises';
import { machineTime } from '../machine-time.js';

/** Between two rounds, in milliseconds. */
const PAUSE = 5;

/** The last answer with one version of a row. */
export interface Sighting {
  readonly key: string;
  readonly version: number;
  /** When the read began, in `machineTime`. */
  readonly lastAt: number;
}

/** Reads the same rows again and again, until the process ends or it is stopped. */
export class Watch {
  readonly #sightings = new Map<string, Sighting>();
  #stopped = false;

  /** @param read - Answers with a version. What it rejects with counts as no answer. */
  constructor(keys: readonly string[], read: (key: string) => Promise<number>) {
    for (const key of keys) void this.#repeat(key, read);
  }

  get sightings(): readonly Sighting[] {
    return [...this.#sightings.values()];
  }

  stop(): void {
    this.#stopped = true;
  }

  async #repeat(key: string, read: (key: string) => Promise<number>): Promise<void> {
    while (!this.#stopped) {
      const lastAt = machineTime();
      const version = await read(key).catch(() => undefined);
      if (version !== undefined) this.#sightings.set(`${key} ${version}`, { key, version, lastAt });
      await delay(PAUSE);
    }
  }
}
