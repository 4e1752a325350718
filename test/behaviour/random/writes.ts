import type { Filters } from './filters.js';
import { NestedData } from './nested-data.js';
import { type RawStatements, type RawWrite, rawWrite } from './raw-writes.js';
import type { Reads } from './reads.js';
import { type Args, modelOf } from './shape.js';

/** One operation on a model. */
export interface ModelWrite {
  readonly kind: 'model';
  readonly model: string;
  readonly operation: string;
  readonly args: Args;
}

/** A random write: one operation, or several in a transaction. */
export type RandomWrite =
  | ModelWrite
  | RawWrite
  | { readonly kind: 'batch'; readonly writes: readonly (ModelWrite | RawWrite)[] }
  | {
      readonly kind: 'transaction';
      readonly writes: readonly RandomWrite[];
      /** Throws at its end. */
      readonly fails: boolean;
      /** Goes on after a write in it that failed. */
      readonly goesOn: boolean;
    };

/** Makes random writes. */
export class Writes {
  readonly #filters: Filters;
  readonly #data: NestedData;
  readonly #reads: Reads;
  readonly #statements: RawStatements;

  constructor(filters: Filters, reads: Reads, statements: RawStatements) {
    this.#statements = statements;
    this.#filters = filters;
    this.#reads = reads;
    this.#data = new NestedData(filters);
  }

  write(): RandomWrite {
    const { dice } = this.#filters;
    return dice.weighted<RandomWrite>(
      [20, () => this.#model()],
      [3, () => rawWrite(dice, this.#statements)],
      [1, () => ({ kind: 'batch', writes: dice.list(1, 3, () => this.single()) })],
      [2, () => this.#transaction(2)],
    );
  }

  /** One operation, in no transaction. */
  single(): ModelWrite | RawWrite {
    const { dice } = this.#filters;
    return dice.chance(0.85) ? this.#model() : rawWrite(dice, this.#statements);
  }

  #transaction(depth: number): RandomWrite {
    const { dice } = this.#filters;
    const inner = (): RandomWrite => (depth > 1 && dice.chance(0.2) ? this.#transaction(depth - 1) : this.single());
    return { kind: 'transaction', writes: dice.list(1, 3, inner), fails: dice.chance(0.25), goesOn: dice.chance(0.5) };
  }

  #model(): ModelWrite {
    const { dice, shape } = this.#filters;
    const model = dice.pick(Object.keys(shape).filter((name) => modelOf(shape, name).view !== true));
    const [operation, args] = dice.weighted<readonly [string, Args]>(
      [5, () => ['create', { data: this.#created(model), ...this.#answer(model) }]],
      [1, () => ['createMany', this.#createMany(model)]],
      [1, () => ['createManyAndReturn', { ...this.#createMany(model), ...this.#columns(model) }]],
      [7, () => ['update', { where: this.#unique(model), data: this.#updated(model), ...this.#answer(model) }]],
      [2, () => ['updateMany', { ...this.#updateMany(model), ...this.#limit() }]],
      [2, () => ['updateManyAndReturn', { ...this.#updateMany(model), ...this.#columns(model) }]],
      [4, () => ['upsert', { ...this.#upsert(model), ...this.#answer(model) }]],
      [1, () => ['delete', { where: this.#unique(model), ...this.#answer(model) }]],
      [0.7, () => ['deleteMany', { where: this.#filters.where(model, 2), ...this.#limit() }]],
    );
    return { kind: 'model', model, operation, args };
  }

  #depth(): number {
    return this.#filters.dice.pick([0, 0, 1, 1, 2, 3]);
  }

  #created(model: string): Args {
    return this.#data.created(model, { depth: this.#depth() });
  }

  #updated(model: string): Args {
    return this.#data.updated(model, { depth: this.#depth() });
  }

  #unique(model: string): Args {
    return this.#filters.unique(model, 2);
  }

  #upsert(model: string): Args {
    const where = this.#unique(model);
    const create = this.#created(model);
    // Where `create` repeats the key, Prisma leaves it to the database: `on conflict do update`.
    const { columns } = modelOf(this.#filters.shape, model);
    const given = (name: string): boolean => name in create && name in columns;
    const same = this.#filters.dice.chance(0.4) && Object.keys(where).every(given);
    return { where, update: this.#updated(model), create: same ? { ...create, ...where } : create };
  }

  #createMany(model: string): Args {
    const { dice } = this.#filters;
    const data = dice.list(1, 3, () => this.#data.row(model, true));
    return { data, ...(dice.chance(0.4) ? { skipDuplicates: true } : {}) };
  }

  #updateMany(model: string): Args {
    const { dice } = this.#filters;
    return { where: this.#filters.where(model, 2), data: this.#data.assignments(model, dice.chance(0.5)) };
  }

  #limit(): Args {
    return this.#filters.dice.chance(0.15) ? { limit: this.#filters.dice.int(0, 2) } : {};
  }

  #answer(model: string): Args {
    return this.#filters.dice.chance(0.5) ? {} : this.#reads.selection(model, this.#filters.dice.int(0, 2));
  }

  #columns(model: string): Args {
    const { dice, shape } = this.#filters;
    const names = Object.keys(modelOf(shape, model).columns);
    const chosen = Object.fromEntries(dice.list(1, 2, () => [dice.pick(names), true]));
    return dice.weighted<Args>(
      [2, () => ({})],
      [1, () => ({ select: chosen })],
      [1, () => ({ omit: { [names[0] ?? 'id']: true } })],
    );
  }
}
