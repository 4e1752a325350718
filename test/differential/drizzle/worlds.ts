import { readFileSync } from 'node:fs';
import type { CachetasticOptions } from '@cachetastic/drizzle';
import type { Driver } from '../../drizzle/support/generation.js';
import { exactText } from '../../support/exact-text.js';
import { type BaseSql, mysqlBase, postgresBase, sqliteBase } from '../bases.js';
import { MYSQL_WRITES, POSTGRES_WRITES, rawReads, SQLITE_WRITES } from '../prisma/statements.js';
import { type Act, type Base, type CachingDb, PLAIN_CLIENTS, type World } from '../world.js';
import { readOf, type Source, writeOf } from './acts.js';
import type { Db, Language } from './language.js';
import { at } from './tables.js';

/** One driver of one generation. */
export interface DrizzleWorld {
  readonly name: string;
  readonly language: Language;
  readonly mock: object;
  readonly driver: Driver;
  /** Every table and view, and relations. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly wrap: (base: object, options: CachetasticOptions) => object;
}

const STAFF = new Set(['people', 'clubs', 'members']);

const DIALECTS = {
  postgresql: {
    base: postgresBase,
    writes: POSTGRES_WRITES,
    named: (table: string) => (table === 'B' ? '"B"' : `${STAFF.has(table) ? 'staff' : 'shop'}."${table}"`),
    options: {
      tables: { 'shop.lines': { triggers: ['shop.orders'] } },
      views: {
        'shop.person_totals': ['staff.people', 'shop.articles', 'shop.orders'],
        'shop.color_counts': ['shop.articles'],
        'shop.label_uses': ['shop.labels', 'shop._ArticleToLabel'],
      },
    },
  },
  mysql: {
    base: mysqlBase,
    writes: MYSQL_WRITES,
    named: (table: string) => `\`${table}\``,
    options: {
      tables: { lines: { triggers: ['orders'] } },
      views: { person_totals: ['people', 'articles', 'orders'], label_uses: ['labels', '_ArticleToLabel'] },
    },
  },
  sqlite: {
    base: sqliteBase,
    writes: SQLITE_WRITES,
    named: (table: string) => table,
    options: {
      tables: { lines: { triggers: ['orders'] } },
      views: { person_totals: ['people', 'articles', 'orders'], label_uses: ['labels', '_ArticleToLabel'] },
    },
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly base: (sql: BaseSql) => Promise<Base>;
      readonly writes: Source['writes'];
      readonly named: (table: string) => string;
      readonly options: CachetasticOptions;
    }
  >
>;

export function drizzleWorld({ name, language, mock, driver, schema, wrap }: DrizzleWorld): World {
  const { base, writes, named, options: declared } = DIALECTS[language.dialect];
  const source: Source = { language, mock: mock as Db, reads: rawReads(named), writes };
  const { orm, tables } = language;
  const file = (which: string): string =>
    readFileSync(new URL(`../fixtures/${language.dialect}/${which}.sql`, import.meta.url), 'utf8');
  const sql: BaseSql = { tables: file('schema'), rows: file('rows') };
  const reading = (table: string): Act => ({
    text: () => table,
    run: (db) =>
      (db as Db)
        .select()
        .from(tables[table])
        .where(orm.eq(at(tables[table], 'id'), 1)),
  });
  return {
    name,
    oneWriter: language.dialect === 'sqlite',
    create: () => base(sql),
    read: (seed) => readOf(source, seed),
    write: (seed) => writeOf(source, seed),
    canary: reading('canary'),
    async open(address, options, count) {
      // Its pool has several connections.
      const plain = await driver.connect(address);
      const connections = await Promise.all(Array.from({ length: count }, () => driver.connect(address)));
      const caching = connections.map(({ base: db }) => wrap(db, { schema, ...declared, ...options }) as CachingDb);
      return {
        plain: Array<object>(PLAIN_CLIENTS).fill(plain.base),
        caching,
        textOf: (value) => exactText(value),
        errorText,
        async close() {
          for (const { $cache } of caching) await $cache.close();
          for (const { close } of [plain, ...connections]) await close();
        },
      };
    },
  };
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` because of ${errorText(error.cause)}` : '';
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  return `${error.name}${code}: ${error.message}${cause}`;
}
