import type { Orm } from '../orm.js';
import { openDatabase } from './database.js';
import { readsOf } from './reads.js';
import { writesOf } from './writes.js';

export const drizzle: Orm = {
  name: 'Drizzle',
  asking: 'Each read is asked of `db.$cached()`; for the first column, of `db`.',
  counting: ['SQL statements that reached the driver; the time until the last caller had the answer.'],
  open(reach, options) {
    const connection = reach.drizzle(options.onStatement);
    const db = openDatabase({ ...options, database: connection.database });
    return {
      reads: readsOf(db),
      writes: writesOf(db),
      $cache: db.$cache,
      async close() {
        await db.$cache.close();
        await connection.close();
      },
    };
  },
};
