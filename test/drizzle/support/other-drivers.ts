import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Transaction } from '@libsql/client';
import mysql from 'mysql2/promise';
import { sharedMysql } from '../../support/services/index.js';
import { BLOG_MYSQL } from './blog-schema-mysql.js';
import { BLOG_SQLITE } from './blog-schema-sqlite.js';
import type { BlogDatabase, Driver } from './generation.js';

/** The same rows as on PostgreSQL. */
const ROWS: readonly string[] = [
  ...['post_tags', 'comments', 'posts', 'tags', 'users'].map((table) => `DELETE FROM ${table}`),
  "INSERT INTO users (id, email, name, score, settings) VALUES (1, 'ann@example.com', 'Ann', 3, '{\"theme\": \"dark\"}'), (2, 'bob@example.com', 'Bob', 1, NULL)",
  "INSERT INTO posts (id, title, views, author_id) VALUES (1, 'One', 5, 1), (2, 'Two', 0, 1), (3, 'Three', 2, 2)",
  "INSERT INTO comments (id, text, post_id, user_id) VALUES (1, 'First', 1, 2), (2, 'Second', 1, NULL)",
  "INSERT INTO tags (id, label) VALUES (1, 'news')",
  'INSERT INTO post_tags VALUES (1, 1)',
];

export function mysqlDriver(drizzle: (client: unknown, settings: object) => unknown): Driver {
  const driver: Driver = {
    name: 'mysql2',
    async create() {
      const name = `cachetastic_test_${crypto.randomUUID().replaceAll('-', '')}`;
      const server = await sharedMysql();
      const admin = await mysql.createConnection(server);
      await admin.query(`CREATE DATABASE ${name}`);
      await admin.changeUser({ database: name });
      const address = new URL(`/${name}`, server).href;
      for (const statement of BLOG_MYSQL) await admin.query(statement);
      return {
        server: undefined,
        address: async () => address,
        fill: async () => {
          for (const statement of ROWS) await admin.query(statement);
        },
        execute: async (sql) => void (await admin.query(sql)),
        drop: async () => {
          await admin.query(`DROP DATABASE ${name}`);
          await admin.end();
        },
        connect: (settings) => driver.connect(address, settings),
      };
    },
    async connect(address, settings = {}) {
      const statements: string[] = [];
      const pool = mysql.createPool({ uri: address, connectionLimit: 5 });
      watch(pool, 'query', statements);
      const getConnection = pool.getConnection.bind(pool);
      Reflect.set(pool, 'getConnection', async () => watch(await getConnection(), 'query', statements));
      const base = drizzle(pool, settings) as BlogDatabase;
      return { base, statements, close: () => pool.end() };
    },
  };
  return driver;
}

export function libsqlDriver(drizzle: (client: unknown, settings: object) => unknown): Driver {
  const driver: Driver = {
    name: 'libsql',
    async create() {
      const folder = await mkdtemp(join(tmpdir(), 'cachetastic-libsql-'));
      const address = `file:${join(folder, 'blog.db')}`;
      const admin = createClient({ url: address });
      for (const statement of BLOG_SQLITE) await admin.execute(statement);
      return {
        server: undefined,
        address: async () => address,
        fill: async () => {
          for (const statement of ROWS) await admin.execute(statement);
        },
        execute: async (sql) => void (await admin.execute(sql)),
        drop: async () => {
          admin.close();
          await rm(folder, { recursive: true, force: true });
        },
        connect: (settings) => driver.connect(address, settings),
      };
    },
    async connect(address, settings = {}) {
      const statements: string[] = [];
      const client = createClient({ url: address });
      watch(client, 'execute', statements);
      const transaction = client.transaction.bind(client) as (mode?: 'write') => Promise<Transaction>;
      Reflect.set(client, 'transaction', async (mode?: 'write') =>
        watch(await transaction(mode), 'execute', statements),
      );
      const base = drizzle(client, settings) as BlogDatabase;
      return { base, statements, close: async () => client.close() };
    },
  };
  return driver;
}

/** Takes down the statements that go through `method` of `client`. */
function watch<Client extends object>(client: Client, method: string, statements: string[]): Client {
  const send = (Reflect.get(client, method) as (...given: unknown[]) => unknown).bind(client);
  Reflect.set(client, method, (...given: unknown[]) => {
    const [first] = given;
    statements.push(typeof first === 'string' ? first : String(Reflect.get(Object(first), 'sql')));
    return send(...given);
  });
  return client;
}
