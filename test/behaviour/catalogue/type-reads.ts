import type { PrismaClient } from '../../support/blog.js';
import type { Read } from './reads.js';

const reads: Read[] = [];

function read(name: string, ask: (db: PrismaClient) => PromiseLike<unknown>, models?: readonly string[]): void {
  reads.push({ name: `types: ${name}`, ask: async (db) => ask(db), ...(models === undefined ? {} : { models }) });
}

read('rows of every type', (db) => db.everything.findMany({ orderBy: { id: 'asc' } }));
for (const id of [1, 2, 3, 4]) read(`row ${id}`, (db) => db.everything.findUnique({ where: { id } }));
read('sums', (db) =>
  db.everything.aggregate({
    _sum: { decimal: true, bigint: true, float: true },
    _avg: { decimal: true, bigint: true },
    _min: { at: true, day: true, decimalN: true, bigint: true },
    _max: { text: true },
  }),
);
read('groups', (db) =>
  db.everything.groupBy({
    by: ['role', 'bigint'],
    _sum: { decimal: true },
    orderBy: [{ role: 'asc' }, { bigint: 'asc' }],
  }),
);
read('sums over nothing', (db) =>
  db.everything.aggregate({ where: { id: -1 }, _sum: { decimal: true, bigint: true }, _count: true }),
);
read('a count', (db) => db.everything.count());
read('a count of nothing', (db) => db.everything.count({ where: { id: -1 } }));
read('nothing', (db) => db.everything.findUnique({ where: { id: -1 } }));
read('an empty list', (db) => db.everything.findMany({ where: { id: -1 } }));
read('empty relations', (db) =>
  db.user.findMany({ where: { id: 4 }, include: { org: true, profile: true, posts: true, _count: true } }),
);
read(
  'raw SQL',
  (db) =>
    db.$queryRaw`SELECT id, decimal, bigint, float, at, day, bytes, json, json_n, text_n, role::text, ints, bigints FROM everything ORDER BY id`,
  ['Everything'],
);

/** Reads whose answers hold values of every type. */
export const TYPE_READS: readonly Read[] = reads;
