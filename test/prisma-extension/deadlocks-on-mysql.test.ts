import { readFileSync } from 'node:fs';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { mysqlBase } from '../differential/bases.js';
import { PrismaClient } from '../differential/fixtures/mysql/generated/client/client.js';
import type { Base } from '../differential/world.js';

const tables = readFileSync(new URL('../differential/fixtures/mysql/schema.sql', import.meta.url), 'utf8');
/** MySQL ends the transaction that has changed less. */
const MANY = Array.from({ length: 50 }, (_, at) => `(${at + 100}, 'many')`).join();

let base: Base;
let other: mysql.Connection;
let watching: mysql.Connection;
beforeAll(async () => {
  base = await mysqlBase({ tables, rows: '' });
  other = await mysql.createConnection(base.address);
  watching = await mysql.createConnection(base.address);
});
beforeEach(async () => {
  await other.query('DELETE FROM canaries');
  await other.query(`INSERT INTO canaries VALUES (1, 'one'), (2, 'two')`);
});
afterAll(async () => {
  await other?.end();
  await watching?.end();
  await base?.drop();
});

/** Whether a statement of another connection waits for a lock. MySQL looks again only if it got no such query for 100 ms. */
async function isWaiting(): Promise<boolean> {
  const [rows] = await watching.query(
    `SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id = ?`,
    [other.threadId],
  );
  return Array.isArray(rows) && rows.length > 0;
}

type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

it.each<[string, (tx: Tx) => PromiseLike<unknown>]>([
  ['a write', (tx) => tx.canary.update({ where: { id: 2 }, data: { song: 'mine' } })],
  ['a raw write', (tx) => tx.$executeRaw`UPDATE canaries SET song = 'mine' WHERE id = 2`],
  ['a locking read', (tx) => tx.$queryRaw`SELECT song FROM canaries WHERE id = 2 FOR UPDATE`],
])(
  'a write that a transaction makes after a deadlock at %s survives its rollback, and is invalidated',
  async (_, collide) => {
    const plain = new PrismaClient({ adapter: new PrismaMariaDb(base.address.replace('mysql:', 'mariadb:')) });
    const db = plain.$extends(cachetastic()) as unknown as PrismaClient & { $cached(): PrismaClient };
    const find = (on: Pick<PrismaClient, 'canary'>) => on.canary.findUnique({ where: { id: 9 } });
    expect(await find(db.$cached())).toBeNull();

    const failed = db.$transaction(
      async (tx) => {
        await tx.canary.update({ where: { id: 1 }, data: { song: 'mine' } });
        await other.query('START TRANSACTION');
        await other.query(`UPDATE canaries SET song = 'other' WHERE id = 2`);
        await other.query(`INSERT INTO canaries VALUES ${MANY}`);
        const waits = other.query(`UPDATE canaries SET song = 'other' WHERE id = 1`);
        await expect.poll(isWaiting, { interval: 200, timeout: 10_000 }).toBe(true);
        await expect(Promise.resolve(collide(tx))).rejects.toThrow();
        await waits;
        await other.query('ROLLBACK');
        await tx.canary.create({ data: { id: 9, song: 'after' } });
        throw new Error('no');
      },
      { timeout: 30_000 },
    );

    await expect(failed).rejects.toThrow('no');
    expect(await find(plain)).toEqual({ id: 9, song: 'after' });
    expect(await find(db.$cached())).toEqual({ id: 9, song: 'after' });
    await db.$disconnect();
  },
);
