import { withCachetastic } from '@cachetastic/drizzle';
import { sql } from 'drizzle-orm';
import { int, MySqlDatabase, MySqlDialect, mysqlTable, varchar } from 'drizzle-orm/mysql-core';
import { TiDBServerlessSession } from 'drizzle-orm/tidb-serverless/session';
import { describe, expect, it } from 'vitest';
import type { Driver } from '../../../packages/drizzle/src/driver/driver.js';
import { driverOf } from '../../../packages/drizzle/src/driver/drivers.js';
import { libsql } from '../../../packages/drizzle/src/driver/libsql.js';
import { mysql2 } from '../../../packages/drizzle/src/driver/mysql2.js';
import { nodePostgres } from '../../../packages/drizzle/src/driver/node-postgres.js';
import { toDriverResult, toPlainRows } from '../../../packages/drizzle/src/driver/plain-rows.js';
import { postgresJs } from '../../../packages/drizzle/src/driver/postgres-js.js';
import { unlisted } from '../../../packages/drizzle/src/driver/unlisted.js';

const WHOLE = { rows: 'many', whole: true, unwrapped: false } as const;

class Row {
  id = 1;
}
class Column {
  name = 'id';
  columnType = 3;
}
const counted = () => Object.assign([new Row()], { command: 'SELECT', count: 1, columns: [{ name: 'id' }] });

/** What callers see of a result; of columns only what the cache keeps. */
function shown(result: unknown): unknown {
  const seen = ['command', 'count', 'columns'].map((name) => Reflect.get(Object(result), name) as unknown);
  return JSON.parse(JSON.stringify([result, seen]).replace(',"columnType":3', ''));
}

/** A session of the class that Drizzle calls `kind`, or of one that is derived from it. */
function sessionOf(kind: string): never {
  class Session {}
  Reflect.set(Session, Symbol.for('drizzle:entityKind'), kind);
  return new (class extends Session {})() as never;
}

it.each<[kind: string, driver: Driver]>([
  ['NodePgSession', nodePostgres],
  ['PgliteSession', nodePostgres],
  ['PostgresJsSession', postgresJs],
  ['NeonHttpSession', nodePostgres],
  ['MySql2Session', mysql2],
  ['LibSQLSession', libsql],
  ['TiDBServerlessSession', unlisted],
])('a %s has the record of its driver, and so has an instance of a derived class', (kind, driver) => {
  expect(driverOf(sessionOf(kind))).toBe(driver);
});

describe.each<[name: string, listed: Driver, result: () => unknown]>([
  ['pg', nodePostgres, () => ({ rows: [new Row()], rowCount: 1, command: 'SELECT', fields: [{ name: 'id' }] })],
  ['postgres', postgresJs, counted],
  ['mysql2', mysql2, () => [[new Row()], [new Column()]]],
  ['libsql', libsql, () => [new Row()]],
])('a result of %s', (_name, listed, result) => {
  it.each([
    ['its record', listed],
    ['the record of unlisted drivers', unlisted],
  ])('is converted to plain rows and back to the same result, by %s', (_of, driver) => {
    const plain = toPlainRows(driver, result(), WHOLE) ?? expect.unreachable();

    expect(plain.rows).toStrictEqual([{ id: 1 }]);
    expect(shown(toDriverResult(driver, plain))).toEqual(shown(result()));
  });
});

it('the rows of an unlisted driver are not read as a pair of rows and columns', () => {
  const lists = [
    [1, 'Ann'],
    [2, 'Bob'],
  ];
  const documents = [[1], [{ columnType: 3 }]];

  for (const rows of [lists, documents]) expect(toPlainRows(unlisted, rows, WHOLE)?.rows).toEqual(rows);
});

it.each<[what: string, driver: Driver, error: unknown, code: string | undefined]>([
  ['a SQLSTATE of PostgreSQL', nodePostgres, { code: '42P01', severity: 'ERROR' }, '42P01'],
  ['a SQLSTATE of MySQL', mysql2, { code: 'ER_PARSE_ERROR', sqlState: '42000' }, '42000'],
  ['a name of SQLite', libsql, { code: 'SQLITE_ERROR' }, 'SQLITE_ERROR'],
  ['a code of Node in place of a SQLSTATE', nodePostgres, { code: 'EPIPE' }, undefined],
])('%s is recognised by the record of its driver, and by that of unlisted drivers', (_what, driver, error, code) => {
  expect([driver.codeOf(error), unlisted.codeOf(error)]).toEqual([code, code]);
});

it('an unlisted driver that returns rows as lists is cached with all of its rows', async () => {
  const users = mysqlTable('users', { id: int().primaryKey(), name: varchar({ length: 9 }) });
  let sent = 0;
  const client = {
    execute: async (statement: string, _params: unknown, options?: { readonly arrayMode?: boolean }) => {
      if (statement.includes('asked_')) return { rows: [{ asked_session: 'ann', asked_replica: 'no' }] };
      sent += 1;
      const rows = ['Ann', 'Bob', 'Cid'].map((name, at) => ({ id: at + 1, name }));
      return options?.arrayMode === true ? rows.map((row) => Object.values(row)) : { rows };
    },
  };
  const dialect = new MySqlDialect();
  const session = new TiDBServerlessSession(client as never, dialect, undefined, undefined);
  const base = new MySqlDatabase(dialect, session as never, undefined, 'default');
  const db = withCachetastic(base, { database: 'tidb', schema: { users } });
  const read = () => db.$cached().select().from(users);
  const all = [
    { id: 1, name: 'Ann' },
    { id: 2, name: 'Bob' },
    { id: 3, name: 'Cid' },
  ];

  expect(await read()).toEqual(all);
  const before = sent;
  expect(await read()).toEqual(all);
  expect(sent).toBe(before);
  expect(await db.$cached().execute(sql`select * from users`)).toEqual({ rows: all });
  await db.$cache.close();
});
