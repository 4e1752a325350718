import type { SQL } from 'drizzle-orm';
import { modelOf } from '../../behaviour/random/shape.js';
import { byKey, columnAt, condition, linked, randomValue, tableOf } from './conditions.js';
import type { Columns } from './kit.js';
import type { Maker, Query } from './language.js';
import { relationalRead } from './relational.js';
import { at, RELATIONS } from './tables.js';

/** A random query. Whatever has an order has a total one, so there is one right answer. */
export function randomRead(maker: Maker): Query {
  const { dice, language } = maker;
  const model = dice.pick(Object.keys(language.shape));
  const postgres = language.dialect === 'postgresql';
  return dice.weighted<Query>(
    [6, () => one(maker, model)],
    [4, () => list(maker, model)],
    [4, () => joined(maker)],
    [6, () => relationalRead(maker)],
    [3, () => grouped(maker, model)],
    [1, () => counted(maker, model)],
    [2, () => combined(maker, model)],
    [2, () => contained(maker, model)],
    [1, () => withSubquery(maker)],
    [1, () => windowed(maker, model)],
    [1, () => distinct(maker, model)],
    [postgres ? 1 : 0, () => lateral(maker)],
    [1, () => self(maker)],
  );
}

function one(maker: Maker, model: string): Query {
  const table = tableOf(maker, model);
  const query = selected(maker, model, table)
    .from(table)
    .where(byKey(maker, model, table));
  return maker.dice.chance(0.5) ? query : query.limit(1);
}

function list(maker: Maker, model: string): Query {
  const table = tableOf(maker, model);
  return page(
    maker,
    selected(maker, model, table)
      .from(table)
      .where(condition(maker, model, table)),
    model,
    table,
  );
}

/** A page of `query`, in a total order. */
function page({ dice, ...maker }: Maker, query: Query, model: string, table: Columns): Query {
  const ordered = query.orderBy(...order({ dice, ...maker }, model, table));
  if (dice.chance(0.7)) return ordered;
  const limited = ordered.limit(dice.int(1, 3));
  return dice.chance(0.4) ? limited.offset(dice.int(0, 2)) : limited;
}

/** An order that leaves nothing open: by anything first, then by the key. */
export function order({ dice, language }: Maker, model: string, table: Columns): SQL[] {
  const { asc, desc } = language.orm;
  const { columns, keys } = modelOf(language.shape, model);
  const sortable = Object.keys(columns).filter((name) => !['json', 'list'].includes(columnAt(columns, name).type));
  const names = [...(dice.chance(0.5) ? [dice.pick(sortable)] : []), ...(keys[0] ?? [])];
  return names.map((name) => dice.pick([asc, desc])(at(table, name)));
}

/** Some fields, or all of them. */
function selected(maker: Maker, model: string, table: Columns): Query {
  const { dice, db, language } = maker;
  const { sql } = language.orm;
  if (dice.chance(0.5)) return db.select();
  const names = Object.keys(modelOf(language.shape, model).columns);
  const fields = Object.fromEntries(
    [dice.pick(names), ...dice.some(names, 0.3)].map((name) => [name, at(table, name)]),
  );
  const [key = ''] = modelOf(language.shape, model).keys[0] ?? [];
  return dice.weighted<Query>(
    [4, () => db.select(fields)],
    [1, () => db.select({ nested: fields, key: at(table, key) })],
    [1, () => db.select({ ...fields, made: sql`concat(${at(table, key)}, '!')`.as('made') })],
    [
      1,
      () => db.select({ ...fields, cased: sql`case when ${at(table, key)} is null then 0 else 1 end`.mapWith(Number) }),
    ],
  );
}

function joined(maker: Maker): Query {
  const { dice, db, language } = maker;
  const relation = dice.pick(RELATIONS.filter(({ from, to }) => from !== to));
  const [from, to] = [tableOf(maker, relation.from), tableOf(maker, relation.to)];
  const on = language.orm.and(
    linked(maker, relation, from, to),
    dice.chance(0.3) ? condition(maker, relation.to, to, 0) : undefined,
  );
  const kinds = [
    'innerJoin',
    'leftJoin',
    'rightJoin',
    ...(language.dialect === 'postgresql' ? ['fullJoin' as const] : []),
  ] as const;
  const fields = dice.pick([undefined, { from, to }, { id: Object.values(from)[0], more: to }]);
  // An outer join may lack either side, so both sides' keys decide the order.
  const by = [...order(maker, relation.from, from), ...order(maker, relation.to, to)];
  const begun = fields === undefined ? db.select() : db.select(fields);
  const query = begun
    .from(from)
    [dice.pick(kinds)](to, relation.columns.length > 1 ? linked(maker, relation, from, to) : on);
  return query.where(condition(maker, relation.from, from, 1)).orderBy(...by);
}

/** Columns of which equal values are the same value. */
function exact({ language }: Maker, model: string): string[] {
  const { columns } = modelOf(language.shape, model);
  return Object.keys(columns).filter((name) =>
    ['int', 'bigint', 'text', 'boolean', 'role', 'uuid'].includes(columnAt(columns, name).type),
  );
}

function grouped(maker: Maker, model: string): Query {
  const { dice, db, language } = maker;
  const { asc, count, sum, max, min, gte, countDistinct } = language.orm;
  const table = tableOf(maker, model);
  const { columns } = modelOf(language.shape, model);
  const by = dice.pick(exact(maker, model));
  const numbers = Object.keys(columns).filter((name) =>
    ['int', 'bigint', 'decimal'].includes(columnAt(columns, name).type),
  );
  const number = at(table, dice.pick(numbers));
  const functions = { n: count(), sum: sum(number), max: max(number), min: min(number), kinds: countDistinct(number) };
  const some = Object.fromEntries(dice.some(Object.entries(functions), 0.5));
  if (dice.chance(0.3))
    return db
      .select({ n: count(), ...some })
      .from(table)
      .where(condition(maker, model, table));
  const query = db
    .select({ by: at(table, by), ...some })
    .from(table)
    .where(condition(maker, model, table))
    .groupBy(at(table, by));
  const kept = dice.chance(0.3) ? query.having(gte(count(), dice.int(1, 2))) : query;
  return kept.orderBy(asc(at(table, by)));
}

function counted(maker: Maker, model: string): Query {
  const table = tableOf(maker, model);
  return maker.db.$count(table, condition(maker, model, table));
}

function combined(maker: Maker, model: string): Query {
  const { dice, db, language } = maker;
  const table = tableOf(maker, model);
  const name = dice.pick(exact(maker, model));
  const part = (): Query =>
    db
      .select({ value: at(table, name) })
      .from(table)
      .where(condition(maker, model, table, 1));
  const kind = dice.pick(['union', 'unionAll', 'intersect', 'except'] as const);
  return part()[kind](part()).orderBy(language.orm.sql`1`);
}

/** A query in `from`, or in a common table expression. */
function contained(maker: Maker, model: string): Query {
  const { dice, db, language } = maker;
  const { asc } = language.orm;
  const table = tableOf(maker, model);
  const { keys } = modelOf(language.shape, model);
  const names = keys[0] ?? [];
  const fields = Object.fromEntries([...names, dice.pick(exact(maker, model))].map((name) => [name, at(table, name)]));
  const inner = db
    .select(fields)
    .from(table)
    .where(condition(maker, model, table));
  const inFrom = dice.chance(0.5);
  const outer = inFrom ? inner.as('part') : db.$with('part').as(inner);
  const start = inFrom ? db.select() : db.with(outer).select();
  return start.from(outer).orderBy(...names.map((name) => asc(outer[name] as never)));
}

function withSubquery(maker: Maker): Query {
  const { dice, db, language } = maker;
  const { sql, asc } = language.orm;
  const relation = dice.pick(RELATIONS.filter(({ from, to, columns }) => from !== to && columns.length === 1));
  const [from, to] = [tableOf(maker, relation.from), tableOf(maker, relation.to)];
  const [column = '', reference = ''] = [relation.columns[0], relation.references[0]];
  const count = sql`(select count(*) from ${from} where ${at(from, column)} = ${at(to, reference)})`.mapWith(Number);
  return db
    .select({ id: at(to, reference), count })
    .from(to)
    .where(condition(maker, relation.to, to, 1))
    .orderBy(asc(at(to, reference)));
}

function windowed(maker: Maker, model: string): Query {
  const { dice, db, language } = maker;
  const { sql } = language.orm;
  const table = tableOf(maker, model);
  const names = modelOf(language.shape, model).keys[0] ?? [];
  const fields = Object.fromEntries(names.map((name) => [name, at(table, name)]));
  const by = at(table, dice.pick(exact(maker, model)));
  const all = dice.pick([sql`count(*) over ()`, sql`count(*) over (partition by ${by})`]).mapWith(Number);
  return db
    .select({ ...fields, all: all.as('all_of_them') })
    .from(table)
    .where(condition(maker, model, table, 1))
    .orderBy(...order(maker, model, table));
}

function distinct(maker: Maker, model: string): Query {
  const { dice, db, language } = maker;
  const table = tableOf(maker, model);
  const name = dice.pick(exact(maker, model));
  const { asc } = language.orm;
  if (language.dialect === 'postgresql' && dice.chance(0.5)) {
    const by = [
      asc(at(table, name)),
      ...(modelOf(language.shape, model).keys[0] ?? []).map((key) => asc(at(table, key))),
    ];
    return db
      .selectDistinctOn([at(table, name)])
      .from(table)
      .where(condition(maker, model, table, 1))
      .orderBy(...by);
  }
  return db
    .selectDistinct({ value: at(table, name) })
    .from(table)
    .where(condition(maker, model, table))
    .orderBy(asc(at(table, name)));
}

function lateral(maker: Maker): Query {
  const { dice, db, language } = maker;
  const { eq, asc, sql } = language.orm;
  const person = tableOf(maker, 'person');
  const article = tableOf(maker, 'article');
  const last = db
    .select({ title: at(article, 'title'), articleId: at(article, 'id') })
    .from(article)
    .where(eq(at(article, 'ownerId'), at(person, 'id')))
    .orderBy(...order(maker, 'article', article))
    .limit(dice.int(1, 2))
    .as('last');
  const begun = db.select().from(person);
  const query = dice.chance(0.5) ? begun.leftJoinLateral(last, sql`true`) : begun.crossJoinLateral(last);
  return query
    .where(condition(maker, 'person', person, 1))
    .orderBy(asc(at(person, 'id')), asc(last['articleId'] as never));
}

/** People and who is above them. */
function self(maker: Maker): Query {
  const { db, language } = maker;
  const { eq, asc } = language.orm;
  const person = tableOf(maker, 'person');
  const boss = language.alias(person, 'boss') as Columns;
  return db
    .select({ id: at(person, 'id'), name: at(person, 'name'), boss: at(boss, 'name') })
    .from(person)
    .leftJoin(boss, eq(at(person, 'bossId'), at(boss, 'id')))
    .where(condition(maker, 'person', boss, 0))
    .orderBy(asc(at(person, 'id')));
}

/** A query that is prepared, and the values of its placeholders. */
export function randomPrepared(maker: Maker): { readonly query: Query; readonly values: object } {
  const { dice, db, language } = maker;
  const { and, eq, sql } = language.orm;
  const model = dice.pick(Object.keys(language.shape).filter((name) => modelOf(language.shape, name).view !== true));
  const table = tableOf(maker, model);
  const { columns, keys } = modelOf(language.shape, model);
  const names = keys[0] ?? [];
  const where = and(...names.map((name) => eq(at(table, name), sql.placeholder(name))));
  const values = Object.fromEntries(names.map((name) => [name, randomValue(maker, columnAt(columns, name))]));
  return { query: db.select().from(table).where(where), values };
}
