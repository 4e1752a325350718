import type { Dice } from '../../behaviour/random/dice.js';

/** What arguments are made of. */
export interface Vocabulary {
  /** Values by column. */
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  /** Columns of the models at the other ends, by relation. */
  readonly relations: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
  /** `Prisma.skip`, for clients that know it. */
  readonly skip: unknown;
}

type Args = Record<string, unknown>;

/** Arguments of reads that may be wrong in the ways that a caller gets them wrong. */
export class RandomArguments {
  readonly #dice: Dice;
  readonly #words: Vocabulary;

  constructor(dice: Dice, words: Vocabulary) {
    this.#dice = dice;
    this.#words = words;
  }

  next(): { readonly operation: string; readonly args: Args } {
    const operation = this.#pick(['findMany', 'findFirst', 'findUnique', 'count', 'aggregate']);
    const { columns } = this.#words;
    const args: Args = {};
    if (operation === 'findUnique') args['where'] = this.#spoil({ id: this.#pick(columns['id'] ?? []) });
    else if (this.#dice.chance(0.7)) args['where'] = this.#where(columns, 2);
    if (operation === 'aggregate') args['_max'] = this.#selected();
    if (operation.startsWith('find')) this.#select(args);
    if (operation !== 'findUnique') {
      args['orderBy'] = [{ id: 'asc' }];
      if (this.#dice.chance(0.2)) args['take'] = this.#pick([1, 2, undefined, '1']);
      if (this.#dice.chance(0.2)) args['skip'] = this.#pick([0, undefined, -1]);
      if (this.#dice.chance(0.1)) args['cursor'] = this.#pick([{ id: 1 }, { id: undefined }, undefined]);
    }
    if (operation === 'findMany' && this.#dice.chance(0.15))
      args['distinct'] = this.#pick([['name'], 'name', [undefined], ['nobody'], undefined]);
    return { operation, args: this.#spoil(args) };
  }

  /** `undefined` may be picked as well. */
  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#dice.int(0, items.length - 1)] as Item;
  }

  #select(args: Args): void {
    const { relations } = this.#words;
    if (this.#dice.chance(0.35)) args['select'] = this.#selected();
    if (this.#dice.chance(0.25)) {
      const relation = this.#pick(Object.keys(relations));
      args['include'] = this.#spoil({
        [relation]: this.#pick([true, false, undefined, { select: { id: true, name: undefined } }, {}]),
      });
    }
    if (this.#dice.chance(0.15)) args['omit'] = this.#selected();
    for (const name of ['select', 'include', 'omit']) if (this.#dice.chance(0.03)) args[name] = undefined;
  }

  #selected(): Args {
    const selected: Args = {};
    for (const column of Object.keys(this.#words.columns)) {
      if (this.#dice.chance(0.5)) selected[column] = this.#pick([true, true, true, false, undefined]);
    }
    return this.#spoil(selected);
  }

  #where(columns: Vocabulary['columns'], depth: number): Args {
    const where: Args = {};
    for (const [column, values] of Object.entries(columns)) {
      if (!this.#dice.chance(0.35)) continue;
      const value = this.#pick(values);
      where[column] = this.#pick([value, { equals: value }, { in: values }, { not: undefined }, undefined]);
      if (this.#dice.chance(0.05)) where[column] = { in: [value, undefined] };
    }
    if (depth > 0 && this.#dice.chance(0.3)) {
      const logic = this.#pick(['AND', 'OR', 'NOT']);
      where[logic] = this.#pick([[this.#where(columns, depth - 1)], this.#where(columns, depth - 1), []]);
    }
    return this.#spoil(where);
  }

  /** Now and then something is not as it should be. */
  #spoil(args: Args): Args {
    const names = Object.keys(args);
    if (this.#dice.chance(0.06)) args['nobody'] = this.#pick([1, undefined, null, {}]);
    const { skip } = this.#words;
    if (names.length > 0 && this.#dice.chance(0.06))
      args[this.#pick(names)] = this.#pick([undefined, null, Number.NaN, skip]);
    return args;
  }
}

/** `value` without the properties and elements that are undefined, at any depth. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((element) => element !== undefined).map(withoutUndefined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, withoutUndefined(inner)]),
  );
}
