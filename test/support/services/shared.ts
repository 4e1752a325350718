import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { execute } from './execute.js';

/** A database of a test file's own on the shared Postgres. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;

  /** Runs one or several statements. */
  execute(sql: string): Promise<void>;

  /** Removes it, ending what is still connected. */
  drop(): Promise<void>;
}

/** The URL of the Postgres that all test files share. Use {@link createDatabase} to write to it. */
export function sharedPostgres(): Promise<string> {
  return ask('postgres');
}

/** The URL of the MySQL or MariaDB that all test files share, as a user who may make databases: make your own. */
export function sharedMysql(): Promise<string> {
  return ask('mysql');
}

/** The URL of the Redis that all test files share: keep to a {@link uniqueNamespace}, and never flush it. */
export function sharedRedis(): Promise<string> {
  return ask('redis');
}

/** A namespace that no other test uses. */
export function uniqueNamespace(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

/** Makes a fresh database and runs `sql` in it. Drop it in `afterAll`. */
export async function createDatabase(sql = ''): Promise<TestDatabase> {
  const server = await sharedPostgres();
  const name = `cachetastic_test_${randomBytes(6).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);

  const url = new URL(server);
  url.pathname = `/${name}`;
  const database: TestDatabase = {
    name,
    url: url.href,
    execute: (statements) => execute(url.href, statements),
    drop: async () => {
      await execute(server, untilUnused(name));
      await execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
  if (sql !== '') await database.execute(sql);
  return database;
}

/**
 * Waits half a second at most until no connection to the database `name` is left. The sockets of a pool that has ended may still be
 * closing, and one that the server closes by force then emits an error without a listener.
 */
function untilUnused(name: string): string {
  return `DO $$ BEGIN
    FOR attempt IN 1..20 LOOP
      PERFORM pg_stat_clear_snapshot();
      EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '${name}');
      PERFORM pg_sleep(0.025);
    END LOOP;
  END $$`;
}

async function ask(name: string): Promise<string> {
  // A connection that is kept may have been closed while PGlite kept this process from hearing of it.
  const response = await fetch(`${inject('servicesUrl')}/${name}`, { headers: { connection: 'close' } });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
