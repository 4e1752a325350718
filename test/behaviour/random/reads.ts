import type { Filters } from './filters.js';
import { type Args, type ColumnShape, modelOf } from './shape.js';

/** A random read. */
export interface RandomRead {
  readonly model: string;
  readonly operation: string;
  readonly args: Args;
  /** A fluent call behind it. */
  readonly fluent?: { readonly relation: string; readonly args: Args };
}

/** Makes random reads, each with one right answer: whatever has an order has a total one. */
export class Reads {
  readonly #filters: Filters;

  constructor(filters: Filters) {
    this.#filters = filters;
  }

  read(): RandomRead {
    const { dice, shape } = this.#filters;
    const model = dice.pick(Object.keys(shape));
    const related = Object.keys(modelOf(shape, model).relations).length > 0;
    return dice.weighted<RandomRead>(
      [6, () => this.#unique(model, 0)],
      [3, () => this.#unique(model, 2)],
      [related ? 1 : 0, () => this.#fluent(model)],
      [1, () => this.#first(model)],
      [4, () => ({ model, operation: 'findMany', args: this.many(model, dice.int(0, 3)) })],
      [1, () => ({ model, operation: 'count', args: this.#count(model) })],
      [1, () => ({ model, operation: 'aggregate', args: this.#aggregate(model) })],
      [1, () => ({ model, operation: 'groupBy', args: this.#groupBy(model) })],
    );
  }

  /** What to answer of a row: `select`, `include`, `omit` or everything. */
  selection(model: string, depth: number): Args {
    const { dice, shape } = this.#filters;
    const { columns, relations } = modelOf(shape, model);
    const names = Object.keys(columns);
    const related = depth === 0 ? [] : dice.some(Object.entries(relations), 0.35);
    const withRelations = Object.fromEntries(
      related.map(([name, { target, list }]) => [name, this.#related(target, list, depth - 1)]),
    );
    const counts = depth > 0 && dice.chance(0.2) ? this.#counts(model) : {};
    const first = dice.pick(names);
    const chosen = { [first]: true, ...Object.fromEntries(dice.some(names, 0.3).map((name) => [name, true])) };
    const more = { ...withRelations, ...counts };
    const some = Object.keys(more).length > 0;
    return dice.weighted<Args>(
      [3, () => (some ? { include: more } : {})],
      [3, () => ({ select: { ...chosen, ...more } })],
      [1, () => ({ ...(some ? { include: more } : {}), omit: { [first]: true } })],
    );
  }

  /** The arguments of a list, in a total order. */
  many(model: string, depth: number): Args {
    const { dice } = this.#filters;
    return {
      ...(dice.chance(0.6) ? { where: this.#filters.where(model, depth) } : {}),
      ...this.#window(model, depth),
      ...(dice.chance(0.12) ? { distinct: dice.list(1, 2, () => this.#exact(model)) } : {}),
      ...this.selection(model, depth),
    };
  }

  #window(model: string, depth: number): Args {
    const { dice } = this.#filters;
    return {
      orderBy: this.#order(model, depth),
      ...(dice.chance(0.2) ? { take: dice.pick([0, 1, 2, 3, -1, -2]) } : {}),
      ...(dice.chance(0.15) ? { skip: dice.int(0, 2) } : {}),
      ...(dice.chance(0.1) ? { cursor: this.#cursor(model) } : {}),
    };
  }

  #cursor(model: string): Args {
    const { dice, shape } = this.#filters;
    const { columns, keys } = modelOf(shape, model);
    const key = dice.pick(keys);
    const values = Object.fromEntries(key.map((name) => [name, dice.pick(columns[name]?.values ?? [])]));
    return key.length > 1 ? { [key.join('_')]: values } : values;
  }

  #column(model: string): string {
    return this.#filters.dice.pick(Object.keys(modelOf(this.#filters.shape, model).columns));
  }

  /** A column of which equal values are the same value: any row may stand for a group of them. */
  #exact(model: string): string {
    return this.#columnOf(model, (type) => !INEXACT.has(type));
  }

  #ordering(model: string): string {
    return this.#columnOf(model, (type) => type !== 'json' && type !== 'list');
  }

  #columnOf(model: string, isFit: (type: ColumnShape['type']) => boolean): string {
    const columns = Object.entries(modelOf(this.#filters.shape, model).columns);
    const [name] = this.#filters.dice.pick(columns.filter(([, { type }]) => isFit(type)));
    return name;
  }

  #order(model: string, depth: number): readonly Args[] {
    const { dice, shape } = this.#filters;
    const { keys, relations } = modelOf(shape, model);
    const way = (): 'asc' | 'desc' => dice.pick(['asc', 'desc']);
    const tie = (keys[0] ?? []).map((name): Args => ({ [name]: way() }));
    const first = dice.weighted<readonly Args[]>(
      [3, () => []],
      [2, () => [{ [this.#ordering(model)]: way() }]],
      [
        depth === 0 || Object.keys(relations).length === 0 ? 0 : 2,
        () => {
          const [name, { target, list }] = dice.pick(Object.entries(relations));
          return [{ [name]: list ? { _count: way() } : (this.#order(target, depth - 1)[0] ?? {}) }];
        },
      ],
    );
    return [...first, ...tie];
  }

  #unique(model: string, depth: number): RandomRead {
    const { dice } = this.#filters;
    return {
      model,
      operation: dice.chance(0.8) ? 'findUnique' : 'findUniqueOrThrow',
      args: { where: this.#filters.unique(model, depth), ...this.selection(model, depth) },
    };
  }

  #fluent(model: string): RandomRead {
    const { dice, shape } = this.#filters;
    const [relation, { target, list }] = dice.pick(Object.entries(modelOf(shape, model).relations));
    return {
      model,
      operation: 'findUnique',
      args: { where: this.#filters.unique(model) },
      fluent: { relation, args: list ? this.many(target, 1) : this.selection(target, 1) },
    };
  }

  #first(model: string): RandomRead {
    const { dice } = this.#filters;
    const { take: _take, ...args } = this.many(model, dice.int(0, 2));
    return { model, operation: dice.pick(['findFirst', 'findFirstOrThrow']), args };
  }

  #related(target: string, list: boolean, depth: number): unknown {
    const { dice } = this.#filters;
    if (list) return this.many(target, depth);
    return dice.chance(0.5) ? true : { ...this.selection(target, depth) };
  }

  #counts(model: string): Args {
    const { dice, shape } = this.#filters;
    const lists = Object.entries(modelOf(shape, model).relations).filter(([, { list }]) => list);
    if (lists.length === 0) return {};
    if (dice.chance(0.3)) return { _count: true };
    const chosen = dice.list(1, 2, () => dice.pick(lists));
    const counted = chosen.map(([name, { target }]) => [
      name,
      dice.chance(0.5) ? true : { where: this.#filters.where(target, 1) },
    ]);
    return { _count: { select: Object.fromEntries(counted) } };
  }

  #count(model: string): Args {
    const { dice } = this.#filters;
    return {
      where: this.#filters.where(model, 2),
      ...(dice.chance(0.3) ? this.#window(model, 0) : {}),
      ...(dice.chance(0.3) ? { select: { _all: true, [this.#column(model)]: true } } : {}),
    };
  }

  #functions(model: string): Args {
    const { dice, shape } = this.#filters;
    const columns = Object.entries(modelOf(shape, model).columns);
    const numbers = columns.filter(([, { type }]) => NUMBERS.has(type)).map(([name]) => name);
    const sorted = columns.filter(([, { type }]) => SORTED.has(type)).map(([name]) => name);
    const all = {
      _sum: { [dice.pick(numbers)]: true },
      _avg: { [dice.pick(numbers)]: true },
      _min: { [dice.pick(sorted)]: true },
      _max: { [dice.pick(sorted)]: true },
    };
    return {
      _count: dice.chance(0.5) ? true : { _all: true },
      ...Object.fromEntries(dice.some(Object.entries(all), 0.5)),
    };
  }

  #aggregate(model: string): Args {
    const { dice } = this.#filters;
    return {
      ...this.#functions(model),
      where: this.#filters.where(model, 2),
      ...(dice.chance(0.3) ? this.#window(model, 0) : {}),
    };
  }

  #groupBy(model: string): Args {
    const { dice, shape } = this.#filters;
    const by = [...new Set(dice.list(1, 2, () => this.#exact(model)))];
    const [first = 'id'] = by;
    const column = modelOf(shape, model).columns[first];
    const having = dice.weighted<Args>(
      [2, () => ({})],
      [1, () => ({ having: { [first]: { _count: { gte: dice.int(0, 2) } } } })],
      [1, () => ({ having: { [first]: { not: dice.pick(column?.values ?? []) } } })],
    );
    return {
      by,
      ...this.#functions(model),
      where: this.#filters.where(model, 2),
      orderBy: by.map((name) => ({ [name]: 'asc' })),
      ...having,
      ...(dice.chance(0.3) ? { take: dice.int(1, 3) } : {}),
    };
  }
}

type Types = ReadonlySet<ColumnShape['type']>;
const NUMBERS: Types = new Set(['int', 'bigint', 'decimal', 'float']);
const SORTED: Types = new Set(['int', 'bigint', 'decimal', 'date', 'text', 'role']);
const INEXACT: Types = new Set(['folded', 'float', 'bytes', 'json', 'list', 'other']);
