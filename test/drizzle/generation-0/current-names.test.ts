import { AsyncLocalStorage } from 'node:async_hooks';
import { withCachetastic } from '@cachetastic/drizzle';
import { eq, getTableColumns, Table } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../core/sql/random-dice.js';
import { LANGUAGES, type Language, type MockDatabase, POSTGRES } from './random-schemas.js';
import { randomQuery } from './random-selects.js';

const SEED = Number(process.env['RANDOM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const SHAPES = Number(process.env['RANDOM_SHAPES'] ?? 100);
/** How many queries of each shape, between which something is assigned. */
const EACH = 6;

const { Schema, Name, OriginalName } = (
  Table as unknown as { readonly Symbol: Readonly<Record<'Schema' | 'Name' | 'OriginalName', symbol>> }
).Symbol;

type Assign = () => void;

/** Something that Drizzle reads while it writes, and what it may be. */
interface Assignable {
  readonly target: object;
  readonly property: PropertyKey;
  readonly values: readonly unknown[];
}

/** What an application may assign: the schema and the names of tables, the names of columns, how names are made. */
function assignablesOf({ tables }: Language, databases: readonly MockDatabase[]): readonly Assignable[] {
  const ofTables = Object.values(tables).flatMap((table): readonly Assignable[] => {
    const columns = Object.values(getTableColumns(table));
    return [
      { target: table, property: Schema, values: [undefined, 't1', 't2'] },
      { target: table, property: Name, values: [Reflect.get(table, Name), 'renamed'] },
      { target: table, property: OriginalName, values: [Reflect.get(table, OriginalName), 'renamed'] },
      ...columns.slice(0, 2).map((column) => ({ target: column, property: 'name', values: [column.name, 'other'] })),
    ];
  });
  const casings = databases.map(({ dialect }: MockDatabase & { readonly dialect?: object }) => ({
    target: dialect as object,
    property: 'casing',
    values: ['camelCase', 'snake_case', undefined].map((casing) => new CasingCache(casing as 'camelCase')),
  }));
  return [...ofTables, ...casings];
}

/** Assigns one of them at random. What is assigned to one database is assigned to all. */
function assignOne(assignables: readonly Assignable[], dice: Dice): void {
  const { property, target } = dice.one(assignables);
  const pick = dice.below(3);
  for (const one of assignables) {
    if (one.property !== property || (property !== 'casing' && one.target !== target)) continue;
    Reflect.set(one.target, property, one.values[pick % one.values.length]);
  }
}

function restored(assignables: readonly Assignable[]): Assign {
  const before = assignables.map(({ target, property }) => Reflect.get(target, property) as unknown);
  return () => {
    for (const [index, { target, property }] of assignables.entries()) Reflect.set(target, property, before[index]);
  };
}

/** Relational queries look a table up by its schema and name: under each of them, it is the same table. */
function lookUpEverywhere(db: MockDatabase): void {
  const { tableNamesMap } = db._ as unknown as { readonly tableNamesMap: Record<string, string> };
  for (const [name, key] of Object.entries(tableNamesMap)) {
    const table = name.slice(name.indexOf('.') + 1);
    for (const schema of ['public', 'hidden', 't1', 't2']) tableNamesMap[`${schema}.${table}`] ??= key;
  }
}

function written(build: () => { toSQL(): unknown }): unknown {
  try {
    return build().toSQL();
  } catch (error) {
    return String(error);
  }
}

describe('a query whose tables have been renamed or moved since its shape was learned', () => {
  it.each(LANGUAGES)(`has the SQL of Drizzle at that moment: $name (RANDOM_SEED=${SEED})`, (language) => {
    const [plain, base] = [language.mock(), language.mock()];
    const assignables = assignablesOf(language, [plain, base]);
    const restore = restored(assignables);
    const wrapped = withCachetastic(base) as unknown as MockDatabase;
    for (const db of [plain, base]) lookUpEverywhere(db);
    try {
      for (let shape = 0; shape < SHAPES; shape += 1) {
        for (let round = 0; round < EACH; round += 1) {
          const dice = () => [new Dice(SEED + shape), new Dice(SEED * 31 + shape * EACH + round)] as const;
          if (round >= 3) assignOne(assignables, new Dice(SEED * 17 + shape * EACH + round));
          const ours = written(() => randomQuery(wrapped, language, ...dice()));
          const theirs = written(() => randomQuery(plain, language, ...dice()));
          expect(ours, `shape ${shape}, round ${round}`).toEqual(theirs);
        }
        restore();
      }
    } finally {
      restore();
    }
  });

  it('follows a table whose schema a proxy reads from the asynchronous context', () => {
    const tenant = new AsyncLocalStorage<string>();
    const users = new Proxy(POSTGRES.tables.users, {
      get: (target, name) => (name === Schema ? tenant.getStore() : Reflect.get(target, name)),
    });
    const wrapped = withCachetastic(POSTGRES.mock()) as unknown as MockDatabase;
    const ask = () => wrapped.select({ id: users.id }).from(users).where(eq(users.id, 1)).toSQL().sql;

    for (const round of ['t1', 't1', 't1', 't2', 't1', 't3', 't2']) {
      expect(tenant.run(round, ask)).toBe(`select "id" from "${round}"."users" where "users"."id" = $1`);
    }
  });

  it('follows relations whose join columns are assigned at run time', () => {
    const { posts } = POSTGRES.tables;
    const [plain, base] = [POSTGRES.mock(), POSTGRES.mock()];
    const wrapped = withCachetastic(base) as unknown as MockDatabase;
    const relationOf = (db: MockDatabase) =>
      (
        db._ as unknown as {
          readonly schema: { articles: { relations: { author: { config: { fields: unknown[] } } } } };
        }
      ).schema.articles.relations.author.config;
    const ask = (db: MockDatabase) => db.query.articles.findMany({ with: { author: true } }).toSQL();
    const before = relationOf(plain).fields;
    try {
      for (const fields of [[posts.authorId], [posts.authorId], [posts.authorId], [posts.parentId], [posts.views]]) {
        relationOf(plain).fields = fields;
        relationOf(base).fields = fields;
        expect(ask(wrapped)).toEqual(ask(plain));
      }
    } finally {
      relationOf(plain).fields = before;
    }
  });
});
