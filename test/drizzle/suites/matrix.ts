import { afterAll, describe, expect, it } from 'vitest';
import { type MatrixRow, matrixTable } from '../../support/matrix-table.js';
import { rowsIn } from '../support/answers.js';
import { blogOn, forEachDriver } from '../support/blog.js';
import type { Generation } from '../support/generation.js';
import { readsOf } from '../support/reads.js';
import { twoProcesses } from '../support/two-processes.js';
import { writesOf } from '../support/writes.js';

/** Every kind of write against every kind of read, in the process that writes and in another one. */
export function matrix(generation: Generation): void {
  forEachDriver(generation, describe, (driver) => {
    const { open, execute, database } = blogOn(generation, driver);
    const { play, reads } = twoProcesses(generation, driver, database);
    const rows: MatrixRow[] = [];
    afterAll(() => console.log(matrixTable(`${driver.name} on Drizzle ${generation.name}: `, reads, rows)));

    it.each(Object.entries(readsOf(generation)))('%s is cached', async (_name, read) => {
      const { db, sent, infoOf } = await open();
      const first = await read(db.$cached());

      expect(await infoOf(() => read(db.$cached()))).toMatchObject({ status: 'hit' });
      expect(await sent(() => read(db.$cached()))).toBe(0);
      expect(rowsIn(await read(db.$cached()))).toEqual(rowsIn(first));
    });

    it.each(Object.entries(writesOf(generation)))(
      'after %s no cached read is stale, here and in another process',
      async (name, write) => {
        const { row, stale } = await play(name, write);
        rows.push(row);

        expect(stale).toEqual([]);
        expect(row.changed).toBeGreaterThan(0);
      },
    );

    it('a write outside of the library makes a read stale, here and in another process, so the matrix can fail', async () => {
      const { stale } = await play('past the library', () => execute("UPDATE users SET name = 'Past' WHERE id = 1"));

      expect(stale).toEqual(expect.arrayContaining(['here: one row by its key', 'there: one row by its key']));
    });
  });
}
