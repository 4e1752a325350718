import { setTimeout as delay } from 'node:timers/promises';
import type { CacheEvent } from '@cachetastic/core';
import type { Blog } from '../../support/blog.js';
import { type Observation, type Observed, ObservedReads, observe } from '../../support/observed-reads.js';
import { raiseVersion, type VersionWrite } from '../../support/raised-versions.js';
import { machineTime } from '../../support/versioned-reads.js';
import type { Situation } from './situations.js';
import { settled, type World } from './world.js';

/** Between two writes, in milliseconds, at least. */
export const PAUSE = 15;

/** What was seen before, in and after a situation. */
export interface Played {
  readonly here: Observed;
  readonly there: Observed;
  /** Reads of each process just before the end: on a busy machine there may be few others. */
  readonly last: Readonly<Record<'here' | 'there', readonly Observation[]>>;
  readonly writes: readonly VersionWrite[];
  /** What writes rejected with, as text. */
  readonly writeFailures: readonly string[];
  /** What went wrong in the other process outside of any call. */
  readonly accidents: readonly string[];
  /** Everything that the cache of this process told. */
  readonly events: readonly CacheEvent[];
  readonly times: {
    readonly begun: number;
    readonly ending: number;
    readonly ended: number;
    /** Nothing waits in this process any more. */
    readonly delivered: number;
    /** Both caches know the whole log, and no write is under way. */
    readonly settled: number;
  };
}

/** Reads in both processes and writes in this one, before, in and after a situation. */
export async function play(world: World, { begin, end, lasts }: Situation): Promise<Played> {
  const eventsBefore = world.events.length;
  const reads = new ObservedReads(world.here);
  await world.there.call('observe');
  const writer = new Writer(world.here);
  await delay(300);
  await begin(world);
  const begun = machineTime();
  await delay(lasts);
  const last = { here: [await observe(world.here, 'row')], there: [await world.there.call('see', { read: 'row' })] };
  const ending = machineTime();
  await end(world);
  const ended = machineTime();
  const delivered = await emptied(world.here);
  await delay(300);
  const { writes, failures: writeFailures } = await writer.stop();
  await settled(world);
  const times = { begun, ending, ended, delivered, settled: machineTime() };
  await delay(100);
  const [here, there] = await Promise.all([reads.stop(), world.there.call('observed')]);
  const accidents = await world.there.call('accidents');
  return { here, there, last, writes, writeFailures, accidents, events: world.events.slice(eventsBefore), times };
}

/** Resolves when no invalidation waits in this process: to the time then. */
async function emptied({ db }: Blog): Promise<number> {
  const giveUp = machineTime() + 15_000;
  while (db.$cache.stats().queued > 0 || !db.$cache.stats().log.confirmed) {
    if (machineTime() > giveUp) throw new Error(`${db.$cache.stats().queued} invalidations wait for ever`);
    await delay(1);
  }
  return machineTime();
}

/** Raises the version again and again, one write after the other, until it is stopped. */
class Writer {
  readonly #writes: VersionWrite[] = [];
  readonly #failures: string[] = [];
  readonly #loop: Promise<void>;
  #stopped = false;

  constructor(blog: Blog) {
    this.#loop = this.#repeat(blog);
  }

  async stop(): Promise<{ readonly writes: readonly VersionWrite[]; readonly failures: readonly string[] }> {
    this.#stopped = true;
    await this.#loop;
    return { writes: this.#writes, failures: this.#failures };
  }

  async #repeat(blog: Blog): Promise<void> {
    while (!this.#stopped) {
      try {
        this.#writes.push(await raiseVersion(blog));
      } catch (error) {
        this.#failures.push(String(error));
      }
      await delay(PAUSE);
    }
  }
}
