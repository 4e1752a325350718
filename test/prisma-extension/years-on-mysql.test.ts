import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { mysqlBase } from '../differential/bases.js';
import type { Base } from '../differential/world.js';
import { fixtureTables, generatedClient, type UntypedClient } from '../support/generated-client.js';

let base: Base;
beforeAll(async () => {
  const rows = `DELETE FROM vintages; INSERT INTO vintages VALUES (1970, 'old'), (2005, 'young')`;
  base = await mysqlBase({ tables: fixtureTables('orders-mysql'), rows });
});
beforeEach(() => base.reset());
afterAll(() => base?.drop());

it.each([
  [70, 1970],
  [1970, 70],
  [5, 2005],
  [2005, 5],
])('a read by the year %i is invalidated by a write to the year %i', async (read, written) => {
  const { PrismaClient } = await generatedClient('orders-mysql');
  const adapter = new PrismaMariaDb(base.address.replace('mysql:', 'mariadb:'));
  const db = new PrismaClient({ adapter }).$extends(cachetastic());
  const vintage = (on: UntypedClient) => on['vintage'] ?? expect.unreachable();
  const wine = () => vintage(db.$cached(60))['findUnique']?.({ where: { year: read }, select: { wine: true } });
  expect(await wine()).toEqual({ wine: expect.stringMatching(/old|young/) });

  await vintage(db)['update']?.({ where: { year: written }, data: { wine: 'new' } });

  expect(await wine()).toEqual({ wine: 'new' });
  await db.$disconnect();
});
