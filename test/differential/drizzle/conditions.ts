import type { SQL } from 'drizzle-orm';
import { type ColumnShape, modelOf } from '../../behaviour/random/shape.js';
import type { Columns } from './kit.js';
import { given, type Maker } from './language.js';
import { at, RELATIONS, type Relation } from './tables.js';

/** A random value of a column, as code gives it. */
export function randomValue({ dice, language }: Maker, column: ColumnShape): unknown {
  return given(language, column, dice.pick(column.values));
}

/** A condition that finds at most one row of `model`, by one of its keys. */
export function byKey(maker: Maker, model: string, table: Columns): SQL | undefined {
  const { dice, language } = maker;
  const { columns, keys } = modelOf(language.shape, model);
  return language.orm.and(
    ...dice.pick(keys).map((name) => language.orm.eq(at(table, name), randomValue(maker, columnAt(columns, name)))),
  );
}

/** A condition on rows of `model`, of which `table` may be an alias. */
export function condition(maker: Maker, model: string, table: Columns, depth = 2): SQL | undefined {
  const { dice, language } = maker;
  const { and, or, not } = language.orm;
  const deeper = (): SQL | undefined => condition(maker, model, table, depth - 1);
  return dice.weighted<SQL | undefined>(
    [2, () => undefined],
    [2, () => byKey(maker, model, table)],
    [8, () => scalar(maker, model, table)],
    [depth > 0 ? 1 : 0, () => and(deeper(), deeper())],
    [depth > 0 ? 2 : 0, () => or(deeper(), deeper(), deeper())],
    [depth > 0 ? 1 : 0, () => not(deeper() ?? language.orm.sql`1 = 1`)],
    [depth > 0 ? 2 : 0, () => related(maker, model, table, depth - 1)],
  );
}

function scalar(maker: Maker, model: string, table: Columns): SQL {
  const { dice, language } = maker;
  const { eq, ne, gt, gte, lt, lte, inArray, notInArray, isNull, isNotNull, between, like, sql } = language.orm;
  const [name, shape] = dice.pick(Object.entries(modelOf(language.shape, model).columns));
  const column = at(table, name);
  const value = (): unknown => randomValue(maker, shape);
  if (shape.type === 'list') return list(maker, column, shape);
  if (shape.type === 'json') return dice.pick([isNull(column), isNotNull(column)]);
  const ordered = !['boolean', 'bytes', 'uuid', 'role'].includes(shape.type);
  const text = shape.type === 'text' || shape.type === 'folded';
  return dice.weighted<SQL>(
    [5, () => eq(column, value())],
    [2, () => ne(column, value())],
    [2, () => inArray(column, dice.list(1, 3, value))],
    [1, () => notInArray(column, dice.list(1, 2, value))],
    [1, () => inArray(column, [])],
    [ordered ? 3 : 0, () => dice.pick([gt, gte, lt, lte])(column, value())],
    [ordered ? 1 : 0, () => between(column, value(), value())],
    [text ? 2 : 0, () => like(column, `%${String(value()).slice(0, 2)}%`)],
    [text ? 1 : 0, () => sql`lower(${column}) = ${String(value()).toLowerCase()}`],
    [1, () => isNull(column)],
    [1, () => isNotNull(column)],
    [1, () => sql`${column} = ${sql.param(value(), column)}`],
  );
}

function list(maker: Maker, column: ReturnType<typeof at>, shape: ColumnShape): SQL {
  const { dice, language } = maker;
  const { arrayContains, arrayContained, arrayOverlaps, eq } = language.orm;
  const value = randomValue(maker, shape) as string[];
  if (value.length === 0) return eq(column, value);
  return dice.pick([arrayContains, arrayContained, arrayOverlaps, eq])(column, value);
}

/** A condition that asks about rows of another table. */
function related(maker: Maker, model: string, table: Columns, depth: number): SQL | undefined {
  const { dice, language, db } = maker;
  const { and, exists, notExists, inArray, sql } = language.orm;
  const found = RELATIONS.filter(({ from, to }) => (from === model) !== (to === model));
  if (found.length === 0) return scalar(maker, model, table);
  const relation = dice.pick(found);
  const other = relation.from === model ? relation.to : relation.from;
  const otherTable = tableOf(maker, other);
  const on = linked(
    maker,
    relation,
    relation.from === model ? table : otherTable,
    relation.from === model ? otherTable : table,
  );
  const where = (): SQL | undefined => condition(maker, other, otherTable, depth);
  const query = (): unknown => db.select({ one: sql`1` }).from(otherTable).where(and(on, where()));
  if (relation.columns.length === 1 && dice.chance(0.5)) {
    const [mine, theirs] =
      relation.from === model ? [relation.columns, relation.references] : [relation.references, relation.columns];
    const inner = db
      .select({ id: at(otherTable, theirs[0] ?? '') })
      .from(otherTable)
      .where(where());
    return inArray(at(table, mine[0] ?? ''), inner as never);
  }
  return dice.pick([exists, notExists])(query() as never);
}

/** That two rows belong together. */
export function linked(
  { language }: Maker,
  { columns, references }: Relation,
  from: Columns,
  to: Columns,
): SQL | undefined {
  return language.orm.and(
    ...columns.map((name, index) => language.orm.eq(at(from, name), at(to, references[index] ?? ''))),
  );
}

export function tableOf({ language }: Maker, model: string): Columns {
  const table = language.tables[model];
  if (table === undefined) throw new Error(`There is no table ${model}`);
  return table;
}

export function columnAt(columns: Readonly<Record<string, ColumnShape>>, name: string): ColumnShape {
  const column = columns[name];
  if (column === undefined) throw new Error(`There is no column ${name}`);
  return column;
}
