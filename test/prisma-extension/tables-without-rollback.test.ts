import { readFileSync } from 'node:fs';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mysqlBase } from '../differential/bases.js';
import { PrismaClient } from '../differential/fixtures/mysql/generated/client/client.js';
import type { Base } from '../differential/world.js';

const TABLES = readFileSync(new URL('../differential/fixtures/mysql/schema.sql', import.meta.url), 'utf8');

let base: Base;
let plain: PrismaClient;
beforeAll(async () => {
  // Such tables have no foreign keys.
  base = await mysqlBase({ tables: TABLES.replaceAll(/,\s*FOREIGN KEY [^\n]*?(?=,?\n)/g, ''), rows: '' });
  const admin = await mysql.createConnection(base.address);
  for (const table of ['people', 'articles']) await admin.query(`ALTER TABLE ${table} ENGINE = MyISAM`);
  await admin.end();
  plain = connect();
  const articles = { create: { slug: 'first', title: 'First' } };
  await plain.person.create({ data: { id: 1, email: 'ann', name: 'Ann', articles } });
});
afterAll(async () => {
  await plain?.$disconnect();
  await base?.drop();
});

function connect() {
  return new PrismaClient({ adapter: new PrismaMariaDb(base.address.replace('mysql:', 'mariadb:')) });
}

function openCached() {
  return connect().$extends(cachetastic()) as unknown as PrismaClient & { $cached(): PrismaClient };
}

it.each<[string, (db: PrismaClient) => PromiseLike<unknown>]>([
  [
    'create',
    (db) =>
      db.person.create({
        data: { email: 'bob', name: 'Bob', articles: { create: { slug: 'first', title: 'Again' } } },
      }),
  ],
  [
    'update',
    (db) =>
      db.person.update({
        where: { id: 1 },
        data: { name: 'Anna', articles: { create: { slug: 'first', title: 'Again' } } },
      }),
  ],
  [
    'upsert',
    (db) =>
      db.person.upsert({
        where: { id: 1 },
        create: { email: 'new', name: 'New' },
        update: { name: 'Annie', articles: { connect: { id: 99 } } },
      }),
  ],
])(
  'rows that %s wrote to a MyISAM table before a nested write was refused stay, and are invalidated',
  async (_, write) => {
    const db = openCached();
    const names = (on: PrismaClient) => on.person.findMany({ select: { name: true }, orderBy: { id: 'asc' } });
    const before = await names(db.$cached());

    await expect(write(db)).rejects.toThrow();

    expect(await names(plain)).not.toEqual(before);
    expect(await names(db.$cached())).toEqual(await names(plain));
    await db.$disconnect();
  },
);
