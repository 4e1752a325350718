import type * as MySqlCore from 'drizzle-orm/mysql-core';
import type * as PgCore from 'drizzle-orm/pg-core';
import type * as SQLiteCore from 'drizzle-orm/sqlite-core';
import type { Generation } from './generation.js';

/** A table with columns of many types, two rows in it, and the same in Drizzle's words. */
export interface Things {
  readonly sql: readonly string[];
  readonly table: ReturnType<typeof ofPostgres>;
}

const BIG = 9007199254740993n;

/** One thing of each type, and one with none. */
export function thingsOf({ dialect, pg }: Generation): Things {
  switch (dialect) {
    case 'postgresql':
      return { sql: POSTGRES, table: ofPostgres(pg) };
    case 'mysql':
      return { sql: MYSQL, table: ofMySql(pg as unknown as typeof MySqlCore) };
    case 'sqlite':
      return { sql: SQLITE, table: ofSQLite(pg as unknown as typeof SQLiteCore) };
  }
}

const POSTGRES = [
  `DROP TABLE IF EXISTS things;
  CREATE TABLE things (
    id serial PRIMARY KEY, ts timestamp(3), tstz timestamptz, day date, clock time, big bigint, amount numeric(20, 5),
    ratio double precision, data jsonb, raw json, bytes bytea, span interval, key uuid, words text[], amounts numeric[],
    times timestamp[], flag boolean, place point, letters char(3), mood text
  );
  INSERT INTO things VALUES (1, '2020-01-02 03:04:05.678', '2020-01-02T03:04:05.743+02', '2020-02-29', '12:34:56', ${BIG},
    12345678901234.5, 'NaN', '{"a": [1, null, {"b": "c"}], "n": 1.50}', '"text"', '\\x00ff10', '1 day 02:03:04',
    '00000000-0000-0000-0000-00000000000a', '{a,NULL,"b c"}', '{1.50,2}', '{"2020-01-02 03:04:05.123"}', true, '(1,2)', 'ab', '');
  INSERT INTO things (id) VALUES (2);
  UPDATE users SET settings = '{"theme": "light"}';`,
];

function ofPostgres(pg: typeof PgCore) {
  const bytea = pg.customType<{ data: Buffer }>({ dataType: () => 'bytea' });
  const shout = pg.customType<{ data: { loud: string }; driverData: string }>({
    dataType: () => 'text',
    fromDriver: (text) => ({ loud: text.toUpperCase() }),
    toDriver: ({ loud }) => loud.toLowerCase(),
  });
  return pg.pgTable('things', {
    id: pg.serial('id').primaryKey(),
    ts: pg.timestamp('ts', { precision: 3 }),
    tstz: pg.timestamp('tstz', { withTimezone: true }),
    tsText: pg.timestamp('ts', { mode: 'string' }),
    day: pg.date('day', { mode: 'date' }),
    dayText: pg.date('day'),
    clock: pg.time('clock'),
    big: pg.bigint('big', { mode: 'bigint' }),
    amount: pg.numeric('amount'),
    ratio: pg.doublePrecision('ratio'),
    data: pg.jsonb('data'),
    raw: pg.json('raw'),
    bytes: bytea('bytes'),
    span: pg.interval('span'),
    key: pg.uuid('key'),
    words: pg.text('words').array(),
    amounts: pg.numeric('amounts').array(),
    times: pg.timestamp('times').array(),
    flag: pg.boolean('flag'),
    place: pg.point('place'),
    letters: pg.char('letters', { length: 3 }),
    mood: shout('mood'),
  });
}

const MYSQL = [
  'DROP TABLE IF EXISTS things',
  `CREATE TABLE things (
    id int PRIMARY KEY, ts timestamp(3) NULL, at datetime(3), day date, clock time, big bigint, huge bigint unsigned,
    amount decimal(20, 5), ratio double, data json, bytes varbinary(20), \`blob\` blob, flag boolean, kind enum('a', 'b'), mood text
  )`,
  `INSERT INTO things VALUES (1, '2020-01-02 03:04:05.678', '2020-01-02 03:04:05.743', '2020-02-29', '12:34:56', ${BIG},
    18446744073709551615, 12345678901234.5, 0.1, '{"a": [1, null, {"b": "c"}], "n": 1.5}', x'00ff10', x'00ff10', true, 'b', '')`,
  'INSERT INTO things (id) VALUES (2)',
  `UPDATE users SET settings = '{"theme": "light"}', born = '2020-01-02 03:04:05.743'`,
];

function ofMySql(my: typeof MySqlCore): Things['table'] {
  const blob = my.customType<{ data: Buffer }>({ dataType: () => 'blob' });
  return my.mysqlTable('things', {
    id: my.int('id').primaryKey(),
    ts: my.timestamp('ts', { fsp: 3 }),
    at: my.datetime('at', { fsp: 3 }),
    atText: my.datetime('at', { fsp: 3, mode: 'string' }),
    day: my.date('day'),
    dayText: my.date('day', { mode: 'string' }),
    clock: my.time('clock'),
    big: my.bigint('big', { mode: 'bigint' }),
    huge: my.bigint('huge', { mode: 'bigint', unsigned: true }),
    amount: my.decimal('amount'),
    ratio: my.double('ratio'),
    data: my.json('data'),
    bytes: blob('bytes'),
    blob: blob('blob'),
    flag: my.boolean('flag'),
    kind: my.mysqlEnum('kind', ['a', 'b']),
    mood: my.text('mood'),
  }) as unknown as Things['table'];
}

const SQLITE = [
  'DROP TABLE IF EXISTS things',
  `CREATE TABLE things (
    id integer PRIMARY KEY, at integer, big integer, ratio real, data text, bytes blob, digits blob, flag integer, mood text, amount numeric
  )`,
  `INSERT INTO things VALUES (1, 1577934245743, ${2 ** 53 - 1}, 0.1, '{"a": [1, null, {"b": "c"}], "n": 1.5}', x'00ff10',
    x'${Buffer.from(String(BIG)).toString('hex')}', 1, '', 1.5)`,
  'INSERT INTO things (id) VALUES (2)',
  `UPDATE users SET settings = '{"theme": "light"}', born = 1577934245743`,
];

function ofSQLite(lite: typeof SQLiteCore): Things['table'] {
  return lite.sqliteTable('things', {
    id: lite.integer('id').primaryKey(),
    at: lite.integer('at', { mode: 'timestamp_ms' }),
    big: lite.integer('big'),
    ratio: lite.real('ratio'),
    data: lite.text('data', { mode: 'json' }),
    bytes: lite.blob('bytes', { mode: 'buffer' }),
    digits: lite.blob('digits', { mode: 'bigint' }),
    flag: lite.integer('flag', { mode: 'boolean' }),
    mood: lite.text('mood'),
    amount: lite.numeric('amount'),
  }) as unknown as Things['table'];
}
