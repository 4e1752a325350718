import { setTimeout as delay } from 'node:timers/promises';
import { FENCE_RESERVE, GROUPS, ITEMS, type Mode, PARENTS, TERMS } from '../settings.js';
import { Prisma, type PrismaClient } from './client.js';
import { itemInFashion } from './fashion.js';

/** What a write does it with. */
export interface Pen {
  readonly db: PrismaClient;
  readonly mode: Mode;
  /** Its number, which rows keep. */
  readonly wid: number;
  readonly random: () => number;
  /** Rows that this process made and may remove, by id. */
  readonly own: number[];
}

/** Thrown to roll a transaction back. */
class Abort extends Error {}

const SERIALIZABLE = { isolationLevel: Prisma.TransactionIsolationLevel.Serializable } as const;

const below = ({ random }: Pen, count: number): number => Math.floor(random() * count);
const anItem = (pen: Pen): number => (pen.random() < 0.6 ? itemInFashion() : 1 + below(pen, ITEMS));
const aParent = (pen: Pen): number => 1 + below(pen, PARENTS);

/** What every write sets: whose it is, and until when the database may take it. */
function mark({ mode, wid }: Pen) {
  return { wid, deadline: mode === 'strong' ? new Date(Date.now() + TERMS.fence - FENCE_RESERVE) : null };
}

const raised = (pen: Pen) => ({ v: { increment: 1 }, ...mark(pen) });
const shuffled = (pen: Pen) => ({ ...raised(pen), n: below(pen, 100) });

/** Two items, in the order in which all writes lock them. */
function twoItems(pen: Pen): [number, number] {
  const first = anItem(pen);
  const second = 1 + (first % ITEMS);
  return [Math.min(first, second), Math.max(first, second)];
}

async function raiseTwo(pen: Pen, db: Pick<PrismaClient, 'item'>, pause: number): Promise<void> {
  for (const id of twoItems(pen)) {
    await db.item.update({ where: { id }, data: shuffled(pen) });
    await delay(pen.random() * pause);
  }
}

/** Every kind of write. Each raises the version of every row that it touches. */
export const WRITES: Readonly<Record<string, (pen: Pen) => Promise<unknown>>> = {
  update: (pen) => pen.db.item.update({ where: { id: anItem(pen) }, data: shuffled(pen) }),
  move: (pen) => pen.db.item.update({ where: { id: anItem(pen) }, data: { ...raised(pen), g: below(pen, GROUPS) } }),
  adopt: (pen) => pen.db.item.update({ where: { id: anItem(pen) }, data: { ...raised(pen), parentId: aParent(pen) } }),
  many: (pen) =>
    pen.db.item.updateMany({ where: { g: below(pen, GROUPS), id: { lte: ITEMS / 2 } }, data: shuffled(pen) }),
  parent: (pen) => pen.db.parent.update({ where: { id: aParent(pen) }, data: { ...raised(pen), kind: below(pen, 2) } }),
  nested: (pen) =>
    pen.db.parent.update({
      where: { id: aParent(pen) },
      data: { ...raised(pen), items: { updateMany: { where: { id: { lte: ITEMS / 4 } }, data: shuffled(pen) } } },
    }),
  sql: (pen) => {
    const { wid, deadline } = mark(pen);
    return pen.db.$executeRaw`
      UPDATE item SET v = v + 1, n = ${below(pen, 100)}, wid = ${wid}, deadline = ${deadline} WHERE id = ${anItem(pen)}`;
  },
  create: async (pen) => {
    const data = { ...mark(pen), id: pen.wid, g: below(pen, GROUPS), n: below(pen, 100), parentId: aParent(pen) };
    await pen.db.item.create({ data });
    pen.own.push(pen.wid);
  },
  remove: async (pen) => {
    const id = pen.own.shift();
    if (id === undefined) return WRITES['create']?.(pen);
    return pen.db.$transaction([
      pen.db.item.update({ where: { id }, data: raised(pen) }),
      pen.db.item.delete({ where: { id } }),
    ]);
  },
  batch: (pen) => {
    const [first, second] = twoItems(pen);
    return pen.db.$transaction([
      pen.db.item.update({ where: { id: first }, data: shuffled(pen) }),
      pen.db.item.update({ where: { id: second }, data: shuffled(pen) }),
    ]);
  },
  pair: (pen) => pen.db.$transaction((tx) => raiseTwo(pen, tx, 20)),
  long: (pen) => pen.db.$transaction((tx) => raiseTwo(pen, tx, 500)),
  abort: (pen) =>
    pen.db
      .$transaction(async (tx) => {
        await raiseTwo(pen, tx, 100);
        throw new Abort();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Abort)) throw error;
      }),
  serializable: async (pen) => {
    const id = 1 + below(pen, 4);
    for (let attempt = 1; ; attempt++) {
      try {
        return await pen.db.$transaction(async (tx) => {
          const row = await tx.item.findUniqueOrThrow({ where: { id } });
          await delay(pen.random() * 60);
          await tx.item.update({ where: { id }, data: { ...mark(pen), v: row.v + 1, n: row.n + 1 } });
        }, SERIALIZABLE);
      } catch (error) {
        const conflict = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
        if (!conflict || attempt === 4) throw error;
      }
    }
  },
};

/** What is drawn from if a load names no writes: plain ones more often. */
export const USUAL_WRITES: readonly string[] = [
  ...['update', 'update', 'update', 'update', 'move', 'move', 'move', 'adopt', 'adopt', 'many', 'parent', 'parent'],
  ...['nested', 'sql', 'create', 'create', 'remove', 'remove', 'batch', 'pair', 'long', 'abort', 'serializable'],
];
