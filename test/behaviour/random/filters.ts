import type { Dice } from './dice.js';
import { type Args, type ColumnShape, modelOf, type RelationShape, type Shape } from './shape.js';

/** Makes random values, filters and keys. */
export class Filters {
  readonly dice: Dice;
  readonly shape: Shape;

  constructor(dice: Dice, shape: Shape) {
    this.dice = dice;
    this.shape = shape;
  }

  value(column: ColumnShape): unknown {
    if (column.nullable === true && this.dice.chance(0.2)) return null;
    return this.dice.pick(column.values);
  }

  /** A value for a new row or a new value: often one that no row has. */
  stored(column: ColumnShape): unknown {
    return column.fresh !== undefined && this.dice.chance(0.7) ? this.dice.pick(column.fresh) : this.value(column);
  }

  /** A `where` that asks about at most `depth` relations on the way. */
  where(model: string, depth: number): Args {
    const { dice } = this;
    return dice.weighted<Args>(
      [3, () => ({})],
      [8, () => this.#conditions(model, depth)],
      [1, () => ({ AND: dice.list(0, 2, () => this.#conditions(model, depth)) })],
      [1, () => ({ AND: this.#conditions(model, depth), ...this.#conditions(model, depth) })],
      [2, () => ({ OR: dice.list(0, 3, () => this.#conditions(model, depth)) })],
      [2, () => ({ NOT: this.#conditions(model, depth) })],
      [1, () => ({ NOT: dice.list(1, 2, () => this.#conditions(model, depth)) })],
    );
  }

  /** A unique key of `model` with values, sometimes with more conditions beside it. */
  unique(model: string, depth = 0): Args {
    const { dice } = this;
    const { columns, keys } = modelOf(this.shape, model);
    const key = dice.pick(keys);
    const values = Object.fromEntries(key.map((name) => [name, dice.pick(columns[name]?.values ?? [])]));
    const where: Args = key.length > 1 ? { [key.join('_')]: values } : values;
    return dice.weighted<Args>(
      [10, () => where],
      [1, () => ({ ...this.#beside(model, this.where(model, depth)), ...where })],
      [1, () => ({ AND: [this.where(model, 0)], ...where })],
      [1, () => ({ ...where, ...this.#beside(model, this.scalars(model)) })],
    );
  }

  /** `where`, as it may stand beside a unique key: other unique columns take values only. */
  #beside(model: string, where: Args): Args {
    const { columns, keys } = modelOf(this.shape, model);
    const single = new Set(keys.filter(({ length }) => length === 1).flat());
    const entries = Object.entries(where).map(([name, given]) =>
      single.has(name) ? [name, this.dice.pick(columns[name]?.values ?? [])] : [name, given],
    );
    return Object.fromEntries(entries);
  }

  /** Conditions on own columns only: what nested `updateMany` and `deleteMany` take. */
  scalars(model: string): Args {
    const { dice } = this;
    const columns = Object.entries(modelOf(this.shape, model).columns).filter(([, { type }]) => type !== 'other');
    const chosen = dice.list(0, 2, () => dice.pick(columns));
    return Object.fromEntries(chosen.map(([name, column]) => [name, this.#condition(column)]));
  }

  #conditions(model: string, depth: number): Args {
    const relations = Object.entries(modelOf(this.shape, model).relations);
    if (depth === 0 || relations.length === 0 || this.dice.chance(0.5)) return this.scalars(model);
    const [name, relation] = this.dice.pick(relations);
    return { ...(this.dice.chance(0.3) ? this.scalars(model) : {}), [name]: this.#related(relation, depth - 1) };
  }

  #related({ target, list, kind, required }: RelationShape, depth: number): unknown {
    const { dice } = this;
    const inner = (): Args => this.where(target, depth);
    if (list) return { [dice.pick(['some', 'every', 'none'])]: inner() };
    const none = required !== true || kind === 'there';
    return dice.weighted<unknown>(
      [2, () => this.#conditions(target, depth)],
      [2, () => ({ is: none && dice.chance(0.2) ? null : inner() })],
      [2, () => ({ isNot: none && dice.chance(0.2) ? null : inner() })],
      [none ? 1 : 0, () => null],
    );
  }

  #condition(column: ColumnShape): unknown {
    const { dice } = this;
    const { type, nullable, values } = column;
    const value = (): unknown => dice.pick(values);
    if (type === 'list') return this.#listCondition(column);
    if (type === 'json') return dice.pick([{ equals: value() }, { not: value() }]);
    const ordered = ORDERED.has(type);
    const text = type === 'text' || type === 'folded';
    return dice.weighted<unknown>(
      [5, () => this.value(column)],
      [2, () => ({ equals: this.value(column) })],
      [type === 'boolean' ? 0 : 2, () => ({ in: dice.list(0, 3, value) })],
      [type === 'boolean' ? 0 : 1, () => ({ notIn: dice.list(0, 2, value) })],
      [2, () => ({ not: this.value(column) })],
      [1, () => ({ not: { equals: value() } })],
      [ordered ? 2 : 0, () => ({ [dice.pick(['lt', 'lte', 'gt', 'gte'])]: value() })],
      [ordered ? 1 : 0, () => ({ gte: value(), lte: value() })],
      [text ? 2 : 0, () => ({ [dice.pick(['contains', 'startsWith', 'endsWith'])]: value() })],
      [type === 'text' ? 2 : 0, () => ({ equals: value(), mode: 'insensitive' })],
      [nullable === true ? 2 : 0, () => null],
    );
  }

  #listCondition({ values }: ColumnShape): unknown {
    const { dice } = this;
    const list = dice.pick(values) as readonly unknown[];
    return dice.weighted<unknown>(
      [2, () => ({ equals: list })],
      [2, () => ({ has: list[0] ?? 'a' })],
      [1, () => ({ [dice.pick(['hasSome', 'hasEvery'])]: list })],
      [1, () => ({ isEmpty: dice.chance(0.5) })],
    );
  }
}

const ORDERED: ReadonlySet<ColumnShape['type']> = new Set([
  'int',
  'bigint',
  'float',
  'decimal',
  'date',
  'text',
  'folded',
]);
