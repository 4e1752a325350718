import { type Change, type Footprint, mayAffect } from '@cachetastic/core';
import { createClient } from '@libsql/client';
import { Decimal } from '@prisma/client/runtime/client';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, sharedMysql, type TestDatabase } from '../../support/services/index.js';
import { analyzerFor } from './blog-schema.js';

/** A type of key, with one key of it. */
interface KeyType {
  /** The type in Prisma's schema, with its attributes. */
  readonly field: string;
  /** In the database. */
  readonly column: string;
  /** The key as SQL has it. */
  readonly stored: string;
  /** As Prisma returns it. */
  readonly row: unknown;
  /** Parameters of raw SQL by which the database finds it. */
  readonly finds: readonly unknown[];
  /** Another key as Prisma returns it, and as a parameter. */
  readonly other: unknown;
  /** Whether a write to another key leaves the read of this one in the cache. */
  readonly byRow: boolean;
}

const UUID = '00000000-0000-4000-8000-00000000000a';
const OTHER_UUID = '00000000-0000-4000-8000-00000000000b';
const MOMENT = new Date('2024-01-02T03:04:05.000Z');
const LATER = new Date('2024-01-02T03:04:06.000Z');

const ON_POSTGRESQL: readonly KeyType[] = [
  {
    field: 'Int',
    column: 'integer',
    stored: '7',
    row: 7,
    finds: [7, 7n, '7', '07', '+7', ' 7'],
    other: 8,
    byRow: true,
  },
  {
    field: 'BigInt',
    column: 'bigint',
    stored: '9007199254740993',
    row: 9007199254740993n,
    finds: [9007199254740993n, '9007199254740993'],
    other: 8n,
    byRow: true,
  },
  { field: 'String', column: 'text', stored: "'One'", row: 'One', finds: ['One'], other: 'two', byRow: true },
  { field: 'String', column: 'text', stored: "'é'", row: 'é', finds: ['é'], other: 'two', byRow: false },
  {
    field: 'String @db.Citext',
    column: 'citext',
    stored: "'One'",
    row: 'One',
    finds: ['One', 'ONE', 'one'],
    other: 'two',
    byRow: true,
  },
  {
    field: 'String @db.Char(8)',
    column: 'char(8)',
    stored: "'One'",
    row: 'One     ',
    finds: ['One', 'One  ', 'One     '],
    other: 'two     ',
    byRow: true,
  },
  {
    field: 'String',
    column: 'text COLLATE blind',
    stored: "'Hotel'",
    row: 'Hotel',
    finds: ['Hotel', 'hotel', 'hôtel', 'HÔTEL'],
    other: 'two',
    byRow: true,
  },
  {
    field: 'String @db.Uuid',
    column: 'uuid',
    stored: `'${UUID}'`,
    row: UUID,
    finds: [UUID, UUID.toUpperCase(), UUID.replaceAll('-', ''), `{${UUID}}`],
    other: OTHER_UUID,
    byRow: true,
  },
  {
    field: 'String @db.Inet',
    column: 'inet',
    stored: "'10.0.0.1'",
    row: '10.0.0.1',
    finds: ['10.0.0.1', '10.0.0.1/32'],
    other: '10.0.0.2',
    byRow: false,
  },
  {
    field: 'Decimal',
    column: 'numeric(12, 2)',
    stored: '1.5',
    row: new Decimal('1.5'),
    finds: [1.5, '1.50', new Decimal('1.500')],
    other: new Decimal(2),
    byRow: false,
  },
  {
    field: 'Float',
    column: 'double precision',
    stored: '0',
    row: 0,
    finds: [0, -0, '-0', '0e0'],
    other: 1,
    byRow: false,
  },
  {
    field: 'DateTime',
    column: 'timestamptz(3)',
    stored: `'${MOMENT.toISOString()}'`,
    row: MOMENT,
    finds: [MOMENT, '2024-01-02 03:04:05Z', '2024-01-02 05:04:05+02'],
    other: LATER,
    byRow: false,
  },
  {
    field: 'DateTime @db.Date',
    column: 'date',
    stored: "'2024-01-02'",
    row: new Date('2024-01-02'),
    finds: ['2024-01-02', '20240102', 'January 2, 2024'],
    other: new Date('2024-01-03'),
    byRow: false,
  },
  { field: 'Color', column: 'color', stored: "'RED'", row: 'RED', finds: ['RED'], other: 'BLUE', byRow: false },
  {
    field: 'Boolean',
    column: 'boolean',
    stored: 'true',
    row: true,
    finds: [true, 'true', 't', 'yes', '1'],
    other: false,
    byRow: true,
  },
  {
    field: 'Bytes',
    column: 'bytea',
    stored: "'\\x00ff'",
    row: Buffer.from('00ff', 'hex'),
    finds: [Buffer.from('00ff', 'hex'), '\\x00FF'],
    other: Buffer.from('01', 'hex'),
    byRow: false,
  },
];

const ON_MYSQL: readonly KeyType[] = [
  {
    field: 'Int',
    column: 'int',
    stored: '7',
    row: 7,
    finds: [7, 7n, '7', '07', ' 7', '7abc', '7.0'],
    other: 8,
    byRow: true,
  },
  { field: 'Int', column: 'int', stored: '1', row: 1, finds: [1, true], other: 8, byRow: true },
  {
    field: 'Int @db.Year',
    column: 'year',
    stored: '1970',
    row: 1970,
    finds: [1970, 70, '70'],
    other: 1980,
    byRow: false,
  },
  {
    field: 'String',
    column: 'varchar(50)',
    stored: "'Hotel'",
    row: 'Hotel',
    finds: ['Hotel', 'HOTEL', 'hotel  ', 'hôtel'],
    other: 'two',
    byRow: true,
  },
  {
    field: 'String',
    column: 'varchar(50)',
    stored: "'7abc'",
    row: '7abc',
    finds: ['7abc', 7, 7n],
    other: 'two',
    byRow: true,
  },
  {
    field: 'String',
    column: 'varchar(50) COLLATE utf8mb4_bin',
    stored: "'One'",
    row: 'One',
    finds: ['One'],
    other: 'two',
    byRow: true,
  },
  { field: 'Boolean', column: 'tinyint(1)', stored: '1', row: true, finds: [true, 1, '1'], other: false, byRow: false },
  {
    field: 'Decimal',
    column: 'decimal(12, 2)',
    stored: '1.5',
    row: new Decimal('1.5'),
    finds: [1.5, '1.50'],
    other: new Decimal(2),
    byRow: false,
  },
  {
    field: 'DateTime',
    column: 'datetime(3)',
    stored: "'2024-01-02 03:04:05'",
    row: MOMENT,
    finds: ['2024-01-02 03:04:05', '20240102030405', '24-1-2 3:4:5'],
    other: LATER,
    byRow: false,
  },
  {
    field: 'Color',
    column: "enum('RED', 'BLUE')",
    stored: "'RED'",
    row: 'RED',
    finds: ['RED', 'red', 1],
    other: 'BLUE',
    byRow: false,
  },
];

const ON_SQLITE: readonly KeyType[] = [
  {
    field: 'Int',
    column: 'INTEGER',
    stored: '7',
    row: 7,
    finds: [7, 7n, '7', '07', ' 7', '7.0', 7.0],
    other: 8,
    byRow: true,
  },
  {
    field: 'BigInt',
    column: 'BIGINT',
    stored: '9007199254740993',
    row: 9007199254740993n,
    finds: [9007199254740993n, '9007199254740993'],
    other: 8n,
    byRow: true,
  },
  { field: 'String', column: 'TEXT', stored: "'7'", row: '7', finds: ['7', 7n], other: '8', byRow: true },
  {
    field: 'String',
    column: 'TEXT COLLATE NOCASE',
    stored: "'One'",
    row: 'One',
    finds: ['One', 'ONE'],
    other: 'two',
    byRow: true,
  },
  { field: 'Boolean', column: 'BOOLEAN', stored: '1', row: true, finds: [true, 1, '1'], other: false, byRow: false },
  {
    field: 'Decimal',
    column: 'DECIMAL',
    stored: '1.5',
    row: new Decimal('1.5'),
    finds: [1.5, '1.50'],
    other: new Decimal(2),
    byRow: false,
  },
  {
    field: 'DateTime',
    column: 'DATETIME',
    stored: "'2024-01-02T03:04:05.000+00:00'",
    row: MOMENT,
    finds: ['2024-01-02T03:04:05.000+00:00'],
    other: LATER,
    byRow: false,
  },
  {
    field: 'Bytes',
    column: 'BLOB',
    stored: "x'00ff'",
    row: Buffer.from('00ff', 'hex'),
    finds: [Buffer.from('00ff', 'hex')],
    other: Buffer.from('01', 'hex'),
    byRow: false,
  },
];

/** How many rows of the one table of a database have a key. */
type Count = (column: string, stored: string, parameter: unknown) => Promise<number>;

let database: TestDatabase;
let postgres: pg.Client;
let server: mysql.Connection;
const sqlite = createClient({ url: ':memory:', intMode: 'bigint' });
const MYSQL_DATABASE = `cachetastic_test_values_${process.pid}_${Date.now()}`;

beforeAll(async () => {
  database = await createDatabase(`CREATE EXTENSION citext; CREATE TYPE color AS ENUM ('RED', 'BLUE');
    CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`);
  postgres = new pg.Client(database.url);
  await postgres.connect();
  server = await mysql.createConnection({ uri: await sharedMysql(), multipleStatements: true });
  await server.query(`CREATE DATABASE ${MYSQL_DATABASE} CHARACTER SET utf8mb4; USE ${MYSQL_DATABASE}`);
});
afterAll(async () => {
  await postgres?.end();
  await database?.drop();
  await server?.query(`DROP DATABASE ${MYSQL_DATABASE}`);
  await server?.end();
  sqlite.close();
});

/** `value` as the drivers under Prisma send it. */
function sent(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return String(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

const onPostgresql: Count = async (column, stored, parameter) => {
  await postgres.query(
    `DROP TABLE IF EXISTS things; CREATE TABLE things (v ${column} PRIMARY KEY); INSERT INTO things VALUES (${stored})`,
  );
  const { rowCount } = await postgres.query('SELECT v FROM things WHERE v = $1', [sent(parameter)]);
  return rowCount ?? 0;
};

const onMysql: Count = async (column, stored, parameter) => {
  await server.query(
    `DROP TABLE IF EXISTS things; CREATE TABLE things (v ${column} PRIMARY KEY); INSERT INTO things VALUES (${stored})`,
  );
  const [rows] = await server.query<mysql.RowDataPacket[]>('SELECT v FROM things WHERE v = ?', [sent(parameter)]);
  return rows.length;
};

const onSqlite: Count = async (column, stored, parameter) => {
  await sqlite.executeMultiple(
    `DROP TABLE IF EXISTS things; CREATE TABLE things (v ${column} PRIMARY KEY); INSERT INTO things VALUES (${stored})`,
  );
  const { rows } = await sqlite.execute({ sql: 'SELECT v FROM things WHERE v = ?', args: [sent(parameter) as never] });
  return rows.length;
};

describe.each([
  ['PostgreSQL', 'postgresql', '$1', onPostgresql, ON_POSTGRESQL],
  ['MariaDB', 'mysql', '?', onMysql, ON_MYSQL],
  ['SQLite', 'sqlite', '?', onSqlite, ON_SQLITE],
] as const)('a raw read of a key on %s', (_name, provider, mark, count, types) => {
  const titled = types.map((type) => [`${type.field} (${type.column}, ${type.stored})`, type] as const);

  it.each(titled)(
    'is invalidated by every write to a key of type %s, in whatever form it is written',
    async (_title, type) => {
      const { read, writesTo } = analysisOf(type.field, provider, mark);

      for (const parameter of type.finds) {
        expect(await count(type.column, type.stored, parameter), `found by ${String(parameter)}`).toBe(1);
        const footprint = read(parameter);
        for (const key of [type.row, ...type.finds])
          for (const [write, changes] of writesTo(key))
            expect(affects(footprint, changes), `${write} of ${String(key)}, read by ${String(parameter)}`).toBe(true);
      }
    },
  );

  it.each(titled)(
    'survives a write to another key of type %s exactly if keys of the type are compared',
    (_title, type) => {
      const { read, writesTo } = analysisOf(type.field, provider, mark);
      const byRow = writesTo(type.other).filter(([, changes]) => !affects(read(type.row), changes));

      if (type.byRow) expect(byRow.map(([write]) => write)).toEqual(expect.arrayContaining(['update', 'raw delete']));
      else expect(byRow).toEqual([]);
    },
  );
});

/** The analysis of a model whose key is of the type `field`. */
function analysisOf(field: string, provider: string, mark: string) {
  const enums = 'enum Color {\n  RED\n  BLUE\n}';
  const [type, ...attributes] = field.split(' ');
  const model = `model Thing {\n  v ${type} @id ${attributes.join(' ')}\n  note String?\n  @@map("things")\n}`;
  const datasource = `datasource db {\n  provider = "${provider}"\n}`;
  const analyzer = analyzerFor(`${datasource}\n${enums}\n${model}`, {}, provider);
  const raw = (text: string, values: readonly unknown[], rows?: readonly Readonly<Record<string, unknown>>[]) =>
    analyzer.writeRaw({ text, values }, rows).changes;
  return {
    read(parameter: unknown): Footprint {
      const analysis = analyzer.readRaw(
        { text: `SELECT * FROM things WHERE v = ${mark}`, values: [parameter] },
        'models',
        undefined,
      );
      if (!analysis.cacheable) throw new Error(analysis.reason);
      return analysis.footprint;
    },
    /** Every way to write the row with the key `v`. */
    writesTo(v: unknown): readonly (readonly [write: string, changes: readonly Change[]])[] {
      const row = { v, note: 'a' };
      return [
        ['create', analyzer.write('Thing', 'create', { data: row }, row).changes],
        ['update', analyzer.write('Thing', 'update', { where: { v }, data: { note: 'a' } }, row).changes],
        [
          'updateMany',
          analyzer.write('Thing', 'updateMany', { where: { v }, data: { note: 'a' } }, { count: 1 }).changes,
        ],
        ['delete', analyzer.write('Thing', 'delete', { where: { v } }, row).changes],
        ['raw insert', raw(`INSERT INTO things (v) VALUES (${mark})`, [v])],
        ['raw insert that returns it', raw("INSERT INTO things (note) VALUES ('a') RETURNING v", [], [{ v }])],
        ['raw update', raw(`UPDATE things SET note = 'a' WHERE v = ${mark}`, [v])],
        ['raw update that returns it', raw("UPDATE things SET note = 'a' WHERE note = 'b' RETURNING v", [], [{ v }])],
        ['raw update of the key', raw(`UPDATE things SET v = ${mark} WHERE note = 'b'`, [v])],
        ['raw delete', raw(`DELETE FROM things WHERE v = ${mark}`, [v])],
      ];
    },
  };
}

function affects(footprint: Footprint, changes: readonly Change[]): boolean {
  return changes.some((change) => mayAffect(footprint, change));
}
