import { readFileSync } from 'node:fs';
import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Statements } from '../../behaviour/random/raw-writes.js';
import { type DecimalClass, sortedText } from '../../support/exact-text.js';
import { type BaseSql, mysqlBase, postgresBase, sqliteBase } from '../bases.js';
import * as my from '../fixtures/mysql/generated/client/client.js';
import * as pg from '../fixtures/postgresql/generated/client/client.js';
import * as lite from '../fixtures/sqlite/generated/client/client.js';
import { type Act, type Base, type CachingDb, PLAIN_CLIENTS, type World } from '../world.js';
import { readOf, writeOf } from './acts.js';
import { boundReads, boundWrites } from './parameters.js';
import { type Dialect, shapeOf } from './shape.js';
import { MYSQL_WRITES, POSTGRES_WRITES, rawReads, SQLITE_WRITES } from './statements.js';

/** What the tables have that no client can know. */
const MODELS: NonNullable<CachetasticOptions['models']> = {
  PersonTotal: { dependsOn: ['Person', 'Article', 'Order'] },
  Line: { triggers: ['Order'] },
  LabelUse: { dependsOn: ['Label', 'Article'] },
};

/** A busy machine must not make Prisma give up. */
const PATIENT = { transactionOptions: { maxWait: 60_000, timeout: 60_000 } };

/** Of each client that caches: enough for transactions beside reads. */
const CONNECTIONS = 4;

const STAFF = new Set(['people', 'clubs', 'members']);

interface PrismaWorld {
  readonly name: string;
  readonly folder: 'postgresql' | 'mysql' | 'sqlite';
  readonly base: (sql: BaseSql) => Promise<Base>;
  readonly dialect: Dialect;
  readonly statements: Statements;
  readonly named: (table: string) => string;
  readonly models: NonNullable<CachetasticOptions['models']>;
  readonly Decimal: DecimalClass;
  /** Whether strings that differ may be one key. */
  readonly foldsKeys: boolean;
  /** @param connections - How many it may open: servers allow a hundred to all tests together. */
  readonly open: (address: string, connections: number) => Extendable;
}

/** Any Prisma client. */
interface Extendable {
  $extends(extension: ReturnType<typeof cachetastic>): object;
  $disconnect(): Promise<void>;
}

/** Prisma 7 on PostgreSQL, MariaDB and SQLite. */
export const WORLDS: readonly World[] = [
  worldOf({
    name: 'prisma-postgresql',
    folder: 'postgresql',
    base: postgresBase,
    dialect: dialectOf(pg.Prisma, true),
    statements: POSTGRES_WRITES,
    named: (table) => (table === 'B' ? '"B"' : `${STAFF.has(table) ? 'staff' : 'shop'}."${table}"`),
    models: { ...MODELS, ColorCount: { dependsOn: ['Article'] } },
    Decimal: pg.Prisma.Decimal,
    foldsKeys: false,
    open: (address, max) =>
      new pg.PrismaClient({ adapter: new PrismaPg({ connectionString: address, max }), ...PATIENT }),
  }),
  worldOf({
    name: 'prisma-mariadb',
    folder: 'mysql',
    base: mysqlBase,
    dialect: dialectOf(my.Prisma, false),
    statements: MYSQL_WRITES,
    named: (table) => `\`${table}\``,
    models: MODELS,
    Decimal: my.Prisma.Decimal,
    foldsKeys: true,
    open: (address, connections) => {
      const url = `${address.replace('mysql:', 'mariadb:')}?connectionLimit=${connections}`;
      return new my.PrismaClient({ adapter: new PrismaMariaDb(url), ...PATIENT });
    },
  }),
  worldOf({
    name: 'prisma-libsql',
    folder: 'sqlite',
    base: sqliteBase,
    dialect: dialectOf(lite.Prisma, false),
    statements: SQLITE_WRITES,
    named: (table) => table,
    models: MODELS,
    Decimal: lite.Prisma.Decimal,
    foldsKeys: true,
    open: (address) => new lite.PrismaClient({ adapter: new PrismaLibSql({ url: address }), ...PATIENT }),
  }),
];

function dialectOf(prisma: typeof pg.Prisma | typeof my.Prisma | typeof lite.Prisma, postgres: boolean): Dialect {
  return {
    postgres,
    decimal: (text) => new prisma.Decimal(text),
    jsonNulls: [prisma.DbNull, prisma.JsonNull],
  };
}

function worldOf(given: PrismaWorld): World {
  const { name, folder, base, dialect, statements, models, Decimal, foldsKeys } = given;
  const shape = shapeOf(dialect);
  const bound = { named: given.named, numbered: dialect.postgres, decimal: dialect.decimal };
  const raw = [...rawReads(given.named), ...boundReads(bound)];
  const writes = [...statements, ...boundWrites(bound, folder)];
  const sql = {
    tables: readFileSync(new URL(`../fixtures/${folder}/schema.sql`, import.meta.url), 'utf8'),
    rows: readFileSync(new URL(`../fixtures/${folder}/rows.sql`, import.meta.url), 'utf8'),
  };
  return {
    name,
    oneByOne: foldsKeys,
    oneWriter: folder === 'sqlite',
    create: () => base(sql),
    read: (seed) => readOf(shape, raw, seed),
    write: (seed) => writeOf(shape, writes, seed),
    canary: reading('canary', 'findMany', {}),
    async open(address, options, count) {
      const plain = Array.from({ length: PLAIN_CLIENTS }, () => given.open(address, 1));
      const bases = Array.from({ length: count }, () => given.open(address, CONNECTIONS));
      const caching = bases.map((client) => client.$extends(cachetastic({ ...options, models })) as CachingDb);
      return {
        plain,
        caching,
        textOf: (value) => sortedText(value, Decimal),
        errorText,
        async close() {
          for (const { $cache } of caching) await $cache.close();
          for (const client of [...plain, ...bases]) await client.$disconnect();
        },
      };
    },
  };
}

function reading(model: string, operation: string, args: object): Act {
  return {
    text: () => `${model}.${operation}`,
    run(db) {
      const delegate: unknown = Reflect.get(db, model);
      return Reflect.apply(Reflect.get(Object(delegate), operation), delegate, [args]);
    },
  };
}

/** Without the excerpt of the caller's source that Prisma puts before the message. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  // Prisma says this of a `findUniqueOrThrow` that it asks alone, and not of several that it asks in one statement.
  const [message] = (error.message.trim().split('\n').at(-1) ?? '').split('. No record was found for a query.');
  return `${error.name} ${code} ${message}`;
}
