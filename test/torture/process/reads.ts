import type { SeenRow } from '../history.js';
import { GROUPS, ITEMS, PARENTS } from '../settings.js';
import type { Db } from './client.js';

/** What one read saw. */
export interface Seen {
  readonly rows: readonly SeenRow[];
  readonly count?: number;
}

interface Kind {
  /** How often, in relation to the others. */
  readonly weight: number;
  /** Its arguments are whole numbers from 0 below this. */
  readonly arguments: number;
  readonly ask: (db: Db, argument: number) => Promise<Seen>;
}

interface Versioned {
  readonly id: number;
  readonly v: number;
  readonly wid: number;
}

const seen = (table: 'i' | 'p', rows: readonly (Versioned | null)[]): SeenRow[] =>
  rows.flatMap((row) => (row === null ? [] : [[`${table}${row.id}`, row.v, row.wid] as const]));

/** Every kind of read. What each must answer is said in checker/questions.ts. */
export const READS: Readonly<Record<string, Kind>> = {
  one: {
    weight: 55,
    arguments: ITEMS,
    ask: async (db, number) => ({ rows: seen('i', [await db.item.findUnique({ where: { id: number + 1 } })]) }),
  },
  group: {
    weight: 16,
    arguments: GROUPS,
    ask: async (db, g) => ({ rows: seen('i', await db.item.findMany({ where: { g } })) }),
  },
  count: {
    weight: 8,
    arguments: GROUPS,
    ask: async (db, g) => ({ rows: [], count: await db.item.count({ where: { g } }) }),
  },
  top: {
    weight: 6,
    arguments: GROUPS,
    ask: async (db, g) => ({
      rows: seen('i', await db.item.findMany({ where: { g }, orderBy: [{ n: 'desc' }, { id: 'asc' }], take: 2 })),
    }),
  },
  family: {
    weight: 10,
    arguments: PARENTS,
    ask: async (db, number) => {
      const found = await db.parent.findUnique({ where: { id: number + 1 }, include: { items: true } });
      return { rows: [...seen('p', [found]), ...seen('i', found?.items ?? [])] };
    },
  },
  kind: {
    weight: 5,
    arguments: 2,
    ask: async (db, kind) => ({ rows: seen('i', await db.item.findMany({ where: { g: 0, parent: { kind } } })) }),
  },
};
