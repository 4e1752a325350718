import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import mysql from 'mysql2/promise';
import { createDatabase, sharedMysql } from '../support/services/index.js';
import type { Base } from './world.js';

/** The SQL of a database: its tables, and its rows after emptying them. */
export interface BaseSql {
  readonly tables: string;
  readonly rows: string;
}

export async function postgresBase({ tables, rows }: BaseSql): Promise<Base> {
  const database = await createDatabase(tables);
  const { url, execute, drop } = database;
  return { address: url, reset: () => execute(rows), drop };
}

export async function mysqlBase({ tables, rows }: BaseSql): Promise<Base> {
  const name = `cachetastic_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const server = await sharedMysql();
  const admin = await mysql.createConnection({ uri: server, multipleStatements: true });
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.changeUser({ database: name });
  await admin.query(tables);
  return {
    address: new URL(`/${name}`, server).href,
    reset: async () => void (await admin.query(rows)),
    async drop() {
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}

export async function sqliteBase({ tables, rows }: BaseSql): Promise<Base> {
  const folder = await mkdtemp(join(tmpdir(), 'cachetastic-libsql-'));
  const address = `file:${join(folder, 'everything.db')}`;
  const admin = createClient({ url: address });
  await admin.execute('PRAGMA journal_mode = WAL');
  await admin.executeMultiple(tables);
  return {
    address,
    reset: () => admin.executeMultiple(rows),
    async drop() {
      admin.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
