import { setImmediate as turn } from 'node:timers/promises';
import type { AnyBlogDb, PrismaClient } from './blog.js';
import { randomFrom } from './random.js';

/** Reads whose answers say which version of user 1 they saw: its score, which every write of a test raises by one. */
const READS: ReadonlyArray<(db: PrismaClient) => Promise<number | null | undefined>> = [
  async (db) => (await db.user.findUnique({ where: { id: 1 } }))?.score,
  async (db) => (await db.user.findUnique({ where: { email: 'u1@x.org' }, select: { score: true } }))?.score,
  async (db) => (await db.user.findMany({ where: { orgId: 1 }, orderBy: { id: 'asc' } }))[0]?.score,
  async (db) => (await db.post.findUnique({ where: { id: 1 }, include: { author: true } }))?.author.score,
  async (db) => (await db.user.aggregate({ where: { id: 1 }, _max: { score: true } }))._max.score,
  async (db) => (await db.post.findUnique({ where: { slug: 'p1' } }).author())?.score,
];

/** What one read saw. Times are of the machine's monotonic clock, which its processes share. */
export interface Sighting {
  readonly startedAt: number;
  readonly version: number;
}

/** Milliseconds of the clock that all processes of this machine share. */
export function machineTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Readers that ask without a pause, until they are stopped. */
export class VersionReaders {
  readonly #sightings: Sighting[] = [];
  readonly #readers: Promise<unknown>;
  #stopped = false;

  constructor(db: AnyBlogDb, { seed, readers }: { readonly seed: number; readonly readers: number }) {
    const cached = db.$cached('10m');
    this.#readers = Promise.all(Array.from({ length: readers }, (_, n) => this.#read(cached, randomFrom(seed + n))));
  }

  /** @returns Everything that they saw. */
  async stop(): Promise<readonly Sighting[]> {
    this.#stopped = true;
    await this.#readers;
    return this.#sightings;
  }

  async #read(db: PrismaClient, random: () => number): Promise<void> {
    while (!this.#stopped) {
      const startedAt = machineTime();
      const version = await READS[Math.floor(random() * READS.length)]?.(db);
      this.#sightings.push({ startedAt, version: version ?? -1 });
      await turn();
    }
  }
}

/** Every way in which a test raises the version. */
export const VERSION_WRITES: ReadonlyArray<(db: PrismaClient, version: number) => Promise<unknown>> = [
  (db, score) => db.user.update({ where: { id: 1 }, data: { score } }),
  (db) => db.user.update({ where: { email: 'u1@x.org' }, data: { score: { increment: 1 } }, select: { id: true } }),
  (db, score) => db.user.updateMany({ where: { name: 'Ada' }, data: { score } }),
  (db, score) => db.post.update({ where: { id: 1 }, data: { author: { update: { score } } } }),
  (db, score) => db.$executeRaw`UPDATE users SET score = ${score} WHERE id = 1`,
  (db, score) => db.$transaction([db.user.update({ where: { id: 1 }, data: { score } })]),
  (db, score) => db.$transaction((tx) => tx.user.update({ where: { id: 1 }, data: { score } })),
];
