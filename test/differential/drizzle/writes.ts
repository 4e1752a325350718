import type { SQL } from 'drizzle-orm';
import { modelOf } from '../../behaviour/random/shape.js';
import { byKey, columnAt, condition, randomValue, tableOf } from './conditions.js';
import { given, type Maker, type Query } from './language.js';
import { at } from './tables.js';

/** One random write that a builder makes. */
export function randomWrite(maker: Maker): Query {
  const { dice, language, db } = maker;
  const model = dice.pick(Object.keys(language.shape).filter((name) => modelOf(language.shape, name).view !== true));
  const postgres = language.dialect === 'postgresql';
  return dice.weighted<Query>(
    [6, () => insert(maker, model)],
    [8, () => update(maker, model)],
    [2, () => remove(maker, model)],
    [1, () => insertSelected(maker)],
    [postgres ? 1 : 0, () => updateFrom(maker)],
    [postgres ? 1 : 0, () => inParts(maker)],
    [postgres ? 1 : 0, () => db.refreshMaterializedView(tableOf(maker, 'colorCount'))],
  );
}

function returned(maker: Maker, query: Query): Query {
  const { dice, language } = maker;
  return language.dialect === 'mysql' || dice.chance(0.5) ? query : query.returning();
}

function row(maker: Maker, model: string): Record<string, unknown> {
  const { dice, language } = maker;
  const { columns } = modelOf(language.shape, model);
  const entries = Object.entries(columns)
    .filter(([, { generated, optional }]) => generated !== true && (optional !== true || dice.chance(0.5)))
    .map(([name]) => [name, stored(maker, name, model)] as const);
  return Object.fromEntries(entries);
}

/** A value for a row: often one that no row has, where no two rows may have the same. */
function stored(maker: Maker, name: string, model: string): unknown {
  const { dice, language } = maker;
  const column = columnAt(modelOf(language.shape, model).columns, name);
  if (column.nullable === true && dice.chance(0.25)) return null;
  const fresh = column.fresh !== undefined && dice.chance(0.7) ? dice.pick(column.fresh) : undefined;
  return fresh === undefined ? randomValue(maker, column) : given(language, column, fresh);
}

function insert(maker: Maker, model: string): Query {
  const { dice, db, language } = maker;
  const table = tableOf(maker, model);
  const rows = dice.list(1, 2, () => row(maker, model));
  const query = db.insert(table).values(dice.chance(0.5) ? rows : rows[0]);
  const set = changes(maker, model);
  if (language.dialect === 'mysql') return dice.chance(0.3) ? query.onDuplicateKeyUpdate({ set }) : query;
  const target = dice.pick(modelOf(language.shape, model).keys).map((name) => at(table, name));
  const whole = dice.weighted<Query>(
    [3, () => query],
    [1, () => query.onConflictDoNothing()],
    [1, () => query.onConflictDoUpdate({ target, set })],
  );
  return returned(maker, whole);
}

function changes(maker: Maker, model: string): Record<string, unknown> {
  const { dice, language } = maker;
  const { sql } = language.orm;
  const { columns } = modelOf(language.shape, model);
  const table = tableOf(maker, model);
  const names = Object.keys(columns).filter((name) => columns[name]?.generated !== true);
  const entries = dice
    .list(1, 2, () => dice.pick(names))
    .map((name) => {
      const counts = columns[name]?.type === 'int' && dice.chance(0.3);
      return [name, counts ? sql`${at(table, name)} + 1` : stored(maker, name, model)] as const;
    });
  return Object.fromEntries(entries);
}

function where(maker: Maker, model: string): SQL | undefined {
  const table = tableOf(maker, model);
  return maker.dice.chance(0.6) ? byKey(maker, model, table) : condition(maker, model, table, 1);
}

function update(maker: Maker, model: string): Query {
  const table = tableOf(maker, model);
  return returned(maker, maker.db.update(table).set(changes(maker, model)).where(where(maker, model)));
}

function remove(maker: Maker, model: string): Query {
  const table = tableOf(maker, model);
  const found = maker.dice.chance(0.8) ? byKey(maker, model, table) : condition(maker, model, table, 1);
  return returned(maker, maker.db.delete(table).where(found));
}

function insertSelected(maker: Maker): Query {
  const { db, language } = maker;
  const { sql } = language.orm;
  const [article, both] = [tableOf(maker, 'article'), tableOf(maker, 'articleLabel')];
  const fields = { articleId: at(article, 'id'), labelId: sql`1`.as('labelId') };
  const query = db
    .select(fields)
    .from(article)
    .where(byKey(maker, 'article', article));
  return db.insert(both).select(query);
}

function updateFrom(maker: Maker): Query {
  const { db, language } = maker;
  const { and, eq, sql } = language.orm;
  const [person, article] = [tableOf(maker, 'person'), tableOf(maker, 'article')];
  return db
    .update(article)
    .set({ stock: sql`${at(person, 'level')} + 1` })
    .from(person)
    .where(and(eq(at(person, 'id'), at(article, 'ownerId')), byKey(maker, 'person', person)));
}

/** Writes in a common table expression. */
function inParts(maker: Maker): Query {
  const { db, dice } = maker;
  const label = tableOf(maker, 'label');
  const written = dice.pick([
    () =>
      db
        .insert(label)
        .values({ word: `part ${dice.int(1, 9)}` })
        .returning(),
    () =>
      db
        .delete(label)
        .where(byKey(maker, 'label', label))
        .returning(),
    () =>
      db
        .update(label)
        .set({ word: `part ${dice.int(1, 9)}` })
        .where(byKey(maker, 'label', label))
        .returning(),
  ])();
  const part = db.$with('part').as(written);
  return db.with(part).select().from(part);
}
