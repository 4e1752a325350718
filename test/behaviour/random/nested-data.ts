import type { Filters } from './filters.js';
import { type Args, type ColumnShape, modelOf, type RelationShape } from './shape.js';

/** Which data: of a new row or an old one; `without`: the relation that led here, which sets its columns by itself. */
interface Place {
  readonly without?: RelationShape | undefined;
  readonly depth: number;
  /** Whether foreign keys are given as columns. Prisma wants the same for all rows of a list. */
  readonly unchecked?: boolean;
}

/** Makes the data of random writes, with nested writes of every kind. */
export class NestedData {
  readonly #filters: Filters;

  constructor(filters: Filters) {
    this.#filters = filters;
  }

  /** The data of a new row. */
  created(model: string, place: Place): Args {
    const { dice, shape } = this.#filters;
    const { without, depth, unchecked = dice.chance(0.5) } = place;
    const { relations } = modelOf(shape, model);
    const data: Record<string, unknown> = this.row(model, unchecked, without);
    for (const [name, relation] of Object.entries(relations)) {
      if (name === without?.back || (unchecked && relation.kind === 'here')) continue;
      if (relation.required === true) data[name] = this.#linkOne(relation, depth);
      else if (depth > 0 && dice.chance(0.25)) data[name] = this.#nestedInNew(relation, depth);
    }
    return data;
  }

  /** What `createMany` takes of one row, foreign keys included if it is `unchecked`. */
  row(model: string, unchecked: boolean, without?: RelationShape): Record<string, unknown> {
    const { dice, shape } = this.#filters;
    const { columns } = modelOf(shape, model);
    const data: Record<string, unknown> = {};
    for (const [name, column] of Object.entries(columns)) {
      if (!isGiven(name, column, unchecked, without) || (column.optional === true && dice.chance(0.5))) continue;
      data[name] = this.#filters.stored(column);
    }
    return data;
  }

  /** The data of an update of rows that exist. */
  updated(model: string, { without, depth }: Place): Args {
    const { dice, shape } = this.#filters;
    const unchecked = dice.chance(0.5);
    const data: Record<string, unknown> = this.assignments(model, unchecked, without);
    for (const [name, relation] of Object.entries(modelOf(shape, model).relations)) {
      if (name === without?.back || (unchecked && relation.kind === 'here')) continue;
      if (depth > 0 && dice.chance(0.25)) data[name] = this.#nestedInOld(relation, depth);
    }
    return data;
  }

  /** What `updateMany` takes. */
  assignments(model: string, unchecked: boolean, without?: RelationShape): Record<string, unknown> {
    const { dice, shape } = this.#filters;
    const columns = Object.entries(modelOf(shape, model).columns).filter(([name, column]) =>
      isGiven(name, column, unchecked, without),
    );
    if (columns.length === 0) return {};
    const chosen = dice.list(0, 2, () => dice.pick(columns));
    return Object.fromEntries(chosen.map(([name, column]) => [name, this.#assignment(column)]));
  }

  #assignment(column: ColumnShape): unknown {
    const { dice } = this.#filters;
    const counts = column.type === 'int' || column.type === 'decimal';
    if (column.type === 'list') return this.#listAssignment(column);
    return dice.weighted<unknown>(
      [5, () => this.#filters.stored(column)],
      [1, () => ({ set: this.#filters.stored(column) })],
      [counts ? 1 : 0, () => ({ [dice.pick(['increment', 'decrement', 'multiply'])]: dice.int(1, 3) })],
    );
  }

  #listAssignment(column: ColumnShape): unknown {
    const list = this.#filters.stored(column) as readonly unknown[];
    return this.#filters.dice.pick([list, { set: list }, { push: list }, { push: list[0] ?? 'a' }]);
  }

  #connectOrCreate(relation: RelationShape, depth: number): Args {
    return {
      where: this.#filters.unique(relation.target),
      create: this.created(relation.target, { without: relation, depth: depth - 1 }),
    };
  }

  /** One way to a row at the other end that every row needs. */
  #linkOne(relation: RelationShape, depth: number): Args {
    const { dice } = this.#filters;
    return dice.weighted<Args>(
      [3, () => ({ connect: this.#filters.unique(relation.target) })],
      [depth > 0 ? 1 : 0, () => ({ create: this.created(relation.target, { without: relation, depth: depth - 1 }) })],
      [depth > 0 ? 1 : 0, () => ({ connectOrCreate: this.#connectOrCreate(relation, depth) })],
    );
  }

  #nestedInNew(relation: RelationShape, depth: number): Args {
    if (!relation.list) return this.#linkOne(relation, depth);
    return this.#merged(1, () => this.#listNestedInNew(relation, depth));
  }

  #listNestedInNew(relation: RelationShape, depth: number): Args {
    const { dice } = this.#filters;
    const { target } = relation;
    const many = relation.kind === 'there' ? 1 : 0;
    const place = { without: relation, depth: depth - 1, unchecked: dice.chance(0.5) };
    return dice.weighted<Args>(
      [2, () => ({ create: dice.list(1, 2, () => this.created(target, place)) })],
      [2, () => ({ connect: dice.list(1, 2, () => this.#filters.unique(target)) })],
      [1, () => ({ connectOrCreate: dice.list(1, 2, () => this.#connectOrCreate(relation, depth)) })],
      [many, () => ({ createMany: this.#createMany(relation) })],
    );
  }

  #createMany(relation: RelationShape): Args {
    const { dice } = this.#filters;
    return {
      data: dice.list(1, 2, () => this.row(relation.target, true, relation)),
      ...(dice.chance(0.3) ? { skipDuplicates: true } : {}),
    };
  }

  #nestedInOld(relation: RelationShape, depth: number): Args {
    const { dice } = this.#filters;
    const one = (): Args => (relation.list ? this.#list(relation, depth) : this.#single(relation, depth));
    return this.#merged(dice.weighted([4, () => 1], [1, () => 2]), one);
  }

  /** Several kinds of nested writes in one call. */
  #merged(kinds: number, make: () => Args): Args {
    return Object.assign({}, ...Array.from({ length: kinds }, make));
  }

  #list(relation: RelationShape, depth: number): Args {
    const { dice } = this.#filters;
    const { target } = relation;
    const place = { without: relation, depth: depth - 1 };
    const unique = (): Args => this.#filters.unique(target);
    return dice.weighted<Args>(
      [6, () => this.#listNestedInNew(relation, depth)],
      [2, () => ({ set: dice.list(0, 2, unique) })],
      [2, () => ({ disconnect: dice.list(1, 2, unique) })],
      [2, () => ({ update: dice.list(1, 2, () => ({ where: unique(), data: this.updated(target, place) })) })],
      [
        2,
        () => ({
          updateMany: [
            { where: this.#filters.scalars(target), data: this.assignments(target, dice.chance(0.5), relation) },
          ],
        }),
      ],
      [
        2,
        () => ({
          upsert: [{ where: unique(), update: this.updated(target, place), create: this.created(target, place) }],
        }),
      ],
      [1, () => ({ delete: [unique()] })],
      [1, () => ({ deleteMany: [this.#filters.scalars(target)] })],
    );
  }

  #single(relation: RelationShape, depth: number): Args {
    const { dice } = this.#filters;
    const { target, required, kind } = relation;
    const place = { without: relation, depth: depth - 1 };
    const leaves = required !== true || kind === 'there' ? 1 : 0;
    const where = (): Args => this.#filters.where(target, 1);
    return dice.weighted<Args>(
      [4, () => this.#linkOne(relation, depth)],
      [1, () => ({ update: this.updated(target, place) })],
      [1, () => ({ update: { where: where(), data: this.updated(target, place) } })],
      [1, () => ({ upsert: { update: this.updated(target, place), create: this.created(target, place) } })],
      [
        1,
        () => ({
          upsert: { where: where(), update: this.updated(target, place), create: this.created(target, place) },
        }),
      ],
      [leaves, () => ({ disconnect: dice.chance(0.5) ? true : where() })],
      [leaves, () => ({ delete: dice.chance(0.5) ? true : where() })],
    );
  }
}

function isGiven(name: string, column: ColumnShape, unchecked: boolean, without: RelationShape | undefined): boolean {
  if (column.generated === true || (column.unchecked === true && !unchecked)) return false;
  return without?.kind !== 'there' || without.key?.includes(name) !== true;
}
