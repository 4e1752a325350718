import type { CacheEvent } from '@cachetastic/core';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { Sql } from '@prisma/client/runtime/client';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureTables, generatedClient } from '../support/generated-client.js';
import { sharedMysql } from '../support/services/index.js';

const DATABASE = `cachetastic_test_raw_${process.pid}_${Date.now()}`;

let url: URL;
let connection: mysql.Connection;

beforeAll(async () => {
  url = new URL(await sharedMysql());
  connection = await mysql.createConnection({ uri: url.href, multipleStatements: true });
  await connection.query(`CREATE DATABASE ${DATABASE}; USE ${DATABASE}; ${fixtureTables('orders-mysql')}`);
});
afterAll(async () => {
  await connection?.query(`DROP DATABASE ${DATABASE}`);
  await connection?.end();
});

async function open(onEvent?: (event: CacheEvent) => void) {
  const { PrismaClient } = await generatedClient('orders-mysql');
  const adapter = new PrismaMariaDb({
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: DATABASE,
    connectionLimit: 2,
  });
  const db = new PrismaClient({ adapter }).$extends(cachetastic({ onEvent }));
  const find = db['label']?.['findFirst'] ?? expect.unreachable();
  return { db, text: () => find({ where: { id: 1 }, select: { text: true }, cache: 300 }) };
}

it('a template with values, which MySQL receives with question marks, invalidates only the tables that it names', async () => {
  const widened: CacheEvent[] = [];
  const { db, text } = await open((event) => {
    if (event.type === 'widened') widened.push(event);
  });
  try {
    await text();

    await db.$executeRaw(new Sql(['UPDATE labels SET text = ', ' WHERE id = ', ''], ['first', 1]));
    expect(await text()).toEqual({ text: 'first' });
    expect(await db.$queryRaw(new Sql(['SELECT id FROM labels WHERE text = ', ''], ['first']))).toEqual([{ id: 1 }]);

    expect(widened).toEqual([]);
  } finally {
    await db.$disconnect();
  }
});

it('a definition commits its transaction, so writes before it are invalidated although the transaction is rolled back', async () => {
  const { db, text } = await open();
  try {
    await text();

    const failed = db.$transaction(async (tx) => {
      await tx.$executeRaw(new Sql(['UPDATE labels SET text = ', ' WHERE id = 1'], ['kept']));
      await tx.$executeRaw(new Sql(['CREATE TABLE made (id int)'], []));
      throw new Error('no');
    });

    await expect(failed).rejects.toThrow();
    expect(await text()).toEqual({ text: 'kept' });
  } finally {
    await db.$disconnect();
  }
});
