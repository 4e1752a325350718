import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { expect, it } from 'vitest';
import { KnownFunctions } from '../../../packages/core/src/catalogue/known-functions.js';
import { sharedMysql, sharedPostgres } from '../../support/services/index.js';

/** Functions with an argument of the type `internal` cannot be called in SQL. */
const OF_POSTGRESQL = `select proname as name, bool_or(provolatile = 'v') as volatile from pg_proc
  where pronamespace = 'pg_catalog'::regnamespace and oid < 16384 and not (2281 = any (proargtypes)) group by 1`;

interface Row {
  readonly name: string;
  readonly volatile: boolean;
}

const writes = (provider: string, name: string): string =>
  new KnownFunctions(provider).judge({ schema: undefined, name, quoted: false }).writes;

/** The functions of a PostgreSQL that the lists judge wrongly. */
function wronglyJudged(rows: readonly Row[]): readonly string[] {
  return rows
    .filter(({ name, volatile }) => !volatile && !/[^a-z0-9_]/.test(name) && name !== 'ts_rewrite')
    .filter(({ name }) => writes('postgresql', name) === 'maybe')
    .map(({ name }) => name);
}

it('every function of PostgreSQL that is immutable or stable is known to write nothing', async () => {
  const server = new pg.Client(await sharedPostgres());
  await server.connect();
  const newest = await PGlite.create();

  const answers = [await server.query<Row>(OF_POSTGRESQL), await newest.query<Row>(OF_POSTGRESQL)];

  await server.end();
  await newest.close();
  expect(answers.map(({ rows }) => wronglyJudged(rows))).toEqual([[], []]);
});

it('every function that MariaDB lists is known to write nothing, except those of sequences', async () => {
  const server = await mysql.createConnection(await sharedMysql());

  const [rows] = await server.query<(Row & mysql.RowDataPacket)[]>(
    'select lower(function) as name from information_schema.sql_functions',
  );

  await server.end();
  const unknown = rows.filter(({ name }) => writes('mysql', name) === 'maybe');
  expect(unknown.map(({ name }) => name).filter((name) => !/^(next|set|last)val$/.test(name))).toEqual([]);
});

it('every built-in function of SQLite is known to write nothing, except those that run code', async () => {
  const client = createClient({ url: 'file::memory:' });

  const { rows } = await client.execute('select distinct name from pragma_function_list where builtin = 1');

  client.close();
  const unknown = rows.map(({ name }) => String(name)).filter((name) => writes('sqlite', name) === 'maybe');
  expect(unknown.filter((name) => /^\w+$/.test(name))).toEqual(['load_extension']);
});

it.each([
  [
    'postgresql',
    'query_to_xml query_to_xml_and_xmlschema cursor_to_xml ts_stat ts_rewrite dblink dblink_exec plpgsql_inline',
  ],
  ['mysql', 'nextval setval lastval sys_exec'],
  ['sqlite', 'load_extension writefile sha3_query eval'],
])('no function that may write is in the list of %s', (provider, functions) => {
  expect(functions.split(' ').filter((name) => writes(provider, name) !== 'maybe')).toEqual([]);
});

it.each([
  'nextval',
  'setval',
  'pg_notify',
  'lo_create',
  'lo_unlink',
  'lo_put',
  'lowrite',
  'pg_advisory_lock',
  'set_config',
])('%s of PostgreSQL writes something, but no row of a table', (name) => {
  expect(writes('postgresql', name)).toBe('session');
});
