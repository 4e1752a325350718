import type { SQL } from 'drizzle-orm';
import { Dice } from '../../behaviour/random/dice.js';
import { modelOf } from '../../behaviour/random/shape.js';
import { condition, randomValue } from './conditions.js';
import type { Columns } from './kit.js';
import type { Maker, Query } from './language.js';
import { order } from './reads.js';
import { RELATIONS } from './tables.js';

/** A random relational query, in the words of either generation. */
export function relationalRead(maker: Maker): Query {
  const { dice, db, language } = maker;
  const model = dice.pick(RELATIONS.flatMap(({ from, to }) => [from, to]));
  const config = many(maker, model, depthOf(maker));
  const query = db.query[model];
  if (query === undefined) throw new Error(`There are no relations of ${model} in ${language.generation}`);
  return dice.chance(0.3) ? query.findFirst(config) : query.findMany(config);
}

/** MariaDB has no lateral joins, which deeper queries are made of. */
function depthOf({ dice, language: { dialect, generation } }: Maker): number {
  if (dialect === 'mysql') return generation === '1.0' ? 0 : dice.int(0, 1);
  return dice.int(0, 3);
}

function many(maker: Maker, model: string, depth: number): object {
  const { dice, language } = maker;
  const seed = dice.int(0, 2 ** 31);
  // Drizzle may call these more than once: each call must make the same.
  const by = (table: Columns): SQL[] => order({ ...maker, dice: new Dice(seed) }, model, table);
  return {
    ...one(maker, model, depth),
    ...(dice.chance(0.7) ? { where: where(maker, model, seed) } : {}),
    orderBy: language.generation === '1.0' && dice.chance(0.5) ? keyOrder(maker, model) : by,
    ...(dice.chance(0.3) ? { limit: dice.int(1, 3) } : {}),
  };
}

function one(maker: Maker, model: string, depth: number): object {
  const { dice, language } = maker;
  const names = Object.keys(modelOf(language.shape, model).columns);
  const chosen = Object.fromEntries([dice.pick(names), ...dice.some(names, 0.3)].map((name) => [name, true]));
  const relations = RELATIONS.flatMap(({ from, to, name, back }) => [
    ...(from === model ? [{ name, target: to, list: false }] : []),
    ...(to === model ? [{ name: back, target: from, list: true }] : []),
  ]);
  const related = depth === 0 ? [] : dice.some(relations, 0.4);
  const entries = related.map(({ name, target, list }) => {
    if (dice.chance(0.2) && !list) return [name, true];
    return [name, list ? many(maker, target, depth - 1) : one(maker, target, depth - 1)];
  });
  return {
    ...(dice.chance(0.4) ? { columns: chosen } : {}),
    ...(entries.length > 0 ? { with: Object.fromEntries(entries) } : {}),
  };
}

function where(maker: Maker, model: string, seed: number): unknown {
  const { dice, language } = maker;
  const raw = (table: Columns): SQL | undefined => condition({ ...maker, dice: new Dice(seed) }, model, table, 0);
  if (language.generation === '0.45') return raw;
  const sql = (table: Columns): SQL => raw(table) ?? language.orm.sql`1 = 1`;
  return dice.weighted<unknown>(
    [2, () => ({ RAW: sql })],
    [4, () => filter(maker, model)],
    [1, () => ({ OR: [filter(maker, model), filter(maker, model)] })],
    [1, () => ({ NOT: filter(maker, model) })],
    [2, () => related(maker, model)],
  );
}

/** A filter of 1.0 on own columns. */
function filter(maker: Maker, model: string): object {
  const { dice, language } = maker;
  const plain = Object.entries(modelOf(language.shape, model).columns).filter(
    ([, { type }]) => !['json', 'list'].includes(type),
  );
  const [name, column] = dice.pick(plain);
  const value = (): unknown => randomValue(maker, column);
  return dice.weighted<object>(
    [4, () => ({ [name]: value() })],
    [1, () => ({ [name]: { ne: value() } })],
    [1, () => ({ [name]: { in: [value(), value()] } })],
    [column.type === 'boolean' ? 0 : 1, () => ({ [name]: { gte: value() } })],
    [1, () => ({ [name]: { isNull: true } })],
  );
}

/** A filter of 1.0 that asks about rows of another table. */
function related(maker: Maker, model: string): object {
  const { dice } = maker;
  const ends = RELATIONS.flatMap(({ from, to, name, back }) => [
    ...(from === model ? [[name, to] as const] : []),
    ...(to === model ? [[back, from] as const] : []),
  ]);
  const [name, target] = dice.pick(ends);
  return { [name]: dice.chance(0.2) ? true : filter(maker, target) };
}

function keyOrder({ dice, language }: Maker, model: string): object {
  const names = modelOf(language.shape, model).keys[0] ?? [];
  return Object.fromEntries(names.map((name) => [name, dice.pick(['asc', 'desc'])]));
}
