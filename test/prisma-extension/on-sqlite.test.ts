import { readFileSync } from 'node:fs';
import { cachetastic } from '@cachetastic/prisma-extension';
import { createClient } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteBase } from '../differential/bases.js';
import { PrismaClient } from '../differential/fixtures/sqlite/generated/client/client.js';
import type { Base } from '../differential/world.js';

const tables = readFileSync(new URL('../differential/fixtures/sqlite/schema.sql', import.meta.url), 'utf8');

/** The constraint that a table of clubs has, and what SQLite does where it is broken. */
const REPLACING = `
  DROP TABLE clubs;
  CREATE TABLE clubs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE ON CONFLICT REPLACE,
    color TEXT NOT NULL DEFAULT 'RED'
  );`;

let base: Base;
let plain: PrismaClient;
beforeEach(async () => {
  base = await sqliteBase({ tables, rows: '' });
  plain = connect();
});
afterEach(async () => {
  await plain.$disconnect();
  await base.drop();
});

function connect() {
  return new PrismaClient({ adapter: new PrismaLibSql({ url: base.address }) });
}

function openCached() {
  return connect().$extends(cachetastic()) as unknown as PrismaClient & { $cached(): PrismaClient };
}

it('JSON with its keys in another order is a different query', async () => {
  const db = openCached();
  const written = { a: 1, b: [{ c: 1, d: 2 }] };
  await plain.person.create({ data: { email: 'ann', name: 'Ann', notes: written } });
  const find = (on: PrismaClient, equals: object) => on.person.findMany({ where: { notes: { equals } } });

  for (const equals of [written, { b: [{ c: 1, d: 2 }], a: 1 }, { a: 1, b: [{ d: 2, c: 1 }] }]) {
    expect(await find(db.$cached(), equals)).toEqual(await find(plain, equals));
  }

  await db.$disconnect();
});

describe('a constraint that says `on conflict replace`', () => {
  beforeEach(async () => {
    const admin = createClient({ url: base.address });
    await admin.executeMultiple(REPLACING);
    admin.close();
    await plain.person.create({ data: { id: 1, email: 'ann', name: 'Ann' } });
    for (const id of [1, 2, 3])
      await plain.club.create({ data: { id, name: `club ${id}`, members: { create: { personId: 1 } } } });
  });

  it.each<[string, (db: PrismaClient) => PromiseLike<unknown>]>([
    ['a row that is created', (db) => db.club.create({ data: { id: 4, name: 'club 1' } })],
    ['a row that is updated', (db) => db.club.update({ where: { id: 3 }, data: { name: 'club 1' } })],
    ['raw SQL', (db) => db.$executeRaw`INSERT INTO clubs (id, name) VALUES (4, 'club 1')`],
  ])('%s replaces another row, whose reads and members are invalidated', async (_, write) => {
    const db = openCached();
    const cached = db.$cached();
    const reads = [
      (on: PrismaClient) => on.club.findUnique({ where: { id: 1 } }),
      (on: PrismaClient) => on.club.findUnique({ where: { name: 'club 1' } }),
      (on: PrismaClient) => on.member.findMany({ orderBy: { clubId: 'asc' } }),
    ];
    for (const read of reads) expect(await read(cached)).not.toBeNull();

    await write(db);

    expect(await plain.club.findUnique({ where: { id: 1 } })).toBeNull();
    for (const read of reads) expect(await read(cached)).toEqual(await read(plain));
    await db.$disconnect();
  });
});
