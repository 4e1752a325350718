import { describe, expect, it } from 'vitest';
import { waitUntil } from '../../support/services/index.js';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { Generation } from '../support/generation.js';
import { readsOf } from '../support/reads.js';
import { writesOf } from '../support/writes.js';

/** Every kind of write against every kind of read, in the process that writes and in another cache behind Redis. */
export function matrix(generation: Generation): void {
  const reads = Object.entries(readsOf(generation));

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap } = blogOn(generation, driver);

    it.each(reads)('%s is cached', async (_name, read) => {
      const { db, sent, infoOf } = await open();
      const first = await read(db.$cached());

      expect(await infoOf(() => read(db.$cached()))).toMatchObject({ status: 'hit' });
      expect(await sent(() => read(db.$cached()))).toBe(0);
      expect(rowsIn(await read(db.$cached()))).toEqual(rowsIn(first));
    });

    it.each(Object.entries(writesOf(generation)))('after %s no warmed read is stale', async (_name, write) => {
      const options = await sharedCache();
      const own = await open(options);
      const other = wrap({ base: own.base, statements: [], close: async () => {} }, options);
      for (const { db } of [own, other]) for (const [, read] of reads) await read(db.$cached());

      await write(own.db);

      const { seq } = own.db.$cache.stats().log;
      for (const [name, read] of reads) {
        expect([name, rowsIn(await read(own.db.$cached()))]).toEqual([
          name,
          rowsIn(await read(own.base as typeof own.db)),
        ]);
      }
      await waitUntil('the other cache has heard of it', async () => {
        expect(other.db.$cache.stats().log.seq).toBe(seq);
      });
      for (const [name, read] of reads) {
        expect([name, rowsIn(await read(other.db.$cached()))]).toEqual([
          name,
          rowsIn(await read(own.base as typeof own.db)),
        ]);
      }
    });
  });
}

function rowsIn(answer: unknown): unknown {
  if (typeof answer === 'object' && answer !== null && 'rows' in answer) return answer.rows;
  if (!Array.isArray(answer)) return answer;
  // `mysql2` gives rows and columns in a pair.
  return Array.isArray(answer[0]) && Array.isArray(answer[1]) ? answer[0] : [...answer];
}
