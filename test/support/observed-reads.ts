import { setTimeout as delay } from 'node:timers/promises';
import type { CacheEvent, ReadInfo } from '@cachetastic/core';
import type { Blog } from './blog.js';
import { machineTime } from './versioned-reads.js';

/** Between two reads of the same name, in milliseconds: the machine is not ours alone. */
const PAUSE = 2;

/** What one read saw and how it was answered. Times are milliseconds of the clock that all processes of this machine share. */
export interface Observation {
  readonly read: ReadName;
  readonly startedAt: number;
  readonly took: number;
  /** The score of user 1, which writes only raise; `undefined` where the answer does not hold it. */
  readonly version: number | undefined;
  readonly source: ReadInfo['source'];
  readonly reason: string | undefined;
}

/** Everything that was observed. */
export interface Observed {
  readonly reads: readonly Observation[];
  /** What reads rejected with, as text. */
  readonly failures: readonly string[];
  /** The events that concern the log, in order, each with what distinguishes it. */
  readonly story: readonly string[];
}

type Db = Blog['db'];

const READS = {
  /** The row that is written. */
  row: async (db: Db) => (await db.user.findUnique({ where: { id: 1 }, cache: 600 }))?.score,
  /** A list that holds it. */
  list: async (db: Db) =>
    (await db.user.findMany({ where: { orgId: 1 }, orderBy: { id: 'asc' }, cache: 600 }))[0]?.score,
  /** What no write changes: only a fault keeps it from being a hit. */
  quiet: async (db: Db) => {
    await db.org.findMany({ orderBy: { id: 'asc' }, cache: 600 });
    return undefined;
  },
  /** What was never asked before: it passes every tier, both ways. */
  cold: async (db: Db) => {
    await db.post.findFirst({ where: { views: { gte: Math.floor(Math.random() * 1e9) } }, cache: 600 });
    return undefined;
  },
};

export type ReadName = keyof typeof READS;
export const READ_NAMES = Object.keys(READS) as readonly ReadName[];

/** Asks each of the reads again and again, one after the other, until it is stopped. */
export class ObservedReads {
  readonly #blog: Blog;
  readonly #reads: Observation[] = [];
  readonly #failures: string[] = [];
  readonly #story: string[] = [];
  readonly #unlisten: () => void;
  readonly #loops: Promise<unknown>;
  #stopped = false;

  constructor(blog: Blog) {
    this.#blog = blog;
    this.#unlisten = blog.db.$cache.on((event) => this.#note(event));
    this.#loops = Promise.all(READ_NAMES.map((name) => this.#repeat(name)));
  }

  /** @returns Everything up to now. */
  async stop(): Promise<Observed> {
    this.#stopped = true;
    await this.#loops;
    this.#unlisten();
    return { reads: this.#reads, failures: this.#failures, story: this.#story };
  }

  async #repeat(name: ReadName): Promise<void> {
    while (!this.#stopped) {
      try {
        this.#reads.push(await observe(this.#blog, name));
      } catch (error) {
        this.#failures.push(String(error));
      }
      await delay(PAUSE);
    }
  }

  #note(event: CacheEvent): void {
    switch (event.type) {
      case 'log-reset':
        this.#story.push(`log-reset: ${event.because}`);
        break;
      case 'log-unconfirmed':
      case 'log-confirmed':
      case 'queue-overflow':
      case 'invalidation-lost':
        this.#story.push(event.type);
    }
  }
}

/** Asks one read once. */
export async function observe({ db }: Pick<Blog, 'db'>, read: ReadName): Promise<Observation> {
  const startedAt = machineTime();
  const { data: version, info } = await db.$cache.explain(() => READS[read](db));
  return { read, startedAt, took: machineTime() - startedAt, version, source: info.source, reason: info.reason };
}

/** Whether a cache answered, and not the database. */
export function isHit({ source }: Pick<Observation, 'source'>): boolean {
  return source === 'memory' || source === 'redis';
}

/**
 * For how long an answer had been old when it was asked for, in milliseconds: since a write that it does not know of,
 * the longest of them. 0 if there is none.
 *
 * @param since - From when on a write must be known.
 */
export function behind<Write extends { readonly version: number }>(
  { startedAt, version }: Pick<Observation, 'startedAt' | 'version'>,
  writes: readonly Write[],
  since: (write: Write) => number,
): number {
  if (version === undefined) return 0;
  const missed = writes.filter((write) => write.version > version).map(since);
  return Math.max(0, startedAt - Math.min(...missed));
}

/** The value in the middle; `NaN` of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
