import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type Service, sharedPostgres, startPostgres, type TestDatabase } from './services/index.js';

let database: TestDatabase;
let service: Service;

beforeAll(async () => {
  database = await createDatabase('CREATE TABLE fruit (name text); INSERT INTO fruit VALUES ($$plum$$)');
  service = await startPostgres();
});
afterAll(async () => {
  await database?.drop();
  await service?.stop();
});

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a server that ends under a client is what these tests are about
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

it('every test file gets a database of its own, created from its SQL and removed afterwards', async () => {
  expect(await query(database.url, 'SELECT name FROM fruit')).toEqual([{ name: 'plum' }]);

  const other = await createDatabase();
  await other.drop();

  await expect(query(other.url, 'SELECT 1')).rejects.toThrow('does not exist');
  expect(other.name).not.toBe(database.name);
});

it('a private Postgres is not the shared one, and keeps its data through a crash', async () => {
  expect(service.url).not.toBe(await sharedPostgres());
  await query(service.url, 'CREATE TABLE kept AS SELECT 1 AS one');
  await query(service.url, 'CHECKPOINT');

  await service.kill();
  await expect(query(service.url, 'SELECT 1')).rejects.toThrow();
  await service.restart();

  expect(await query(service.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
});
