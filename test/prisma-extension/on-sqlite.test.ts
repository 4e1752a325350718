import { readFileSync } from 'node:fs';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sqliteBase } from '../differential/bases.js';
import { PrismaClient } from '../differential/fixtures/sqlite/generated/client/client.js';
import type { Base } from '../differential/world.js';

const tables = readFileSync(new URL('../differential/fixtures/sqlite/schema.sql', import.meta.url), 'utf8');

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

it('JSON whose keys are in another order is another question', async () => {
  const db = openCached();
  const written = { a: 1, b: [{ c: 1, d: 2 }] };
  await plain.person.create({ data: { email: 'ann', name: 'Ann', notes: written } });
  const find = (on: PrismaClient, equals: object) => on.person.findMany({ where: { notes: { equals } } });

  for (const equals of [written, { b: [{ c: 1, d: 2 }], a: 1 }, { a: 1, b: [{ d: 2, c: 1 }] }]) {
    expect(await find(db.$cached(), equals)).toEqual(await find(plain, equals));
  }

  await db.$disconnect();
});
