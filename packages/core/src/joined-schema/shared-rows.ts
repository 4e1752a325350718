import type { Catalogue } from '../catalogue/catalogue.js';

/** `items` by the names that `nameOf` gives them, in lower case. */
export function grouped<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item).toLowerCase();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/** Which tables show the rows of which others: partitions, inheritance and virtual tables. */
export class SharedRows {
  readonly #parents: Steps;
  readonly #children: Steps;
  readonly #sources: Steps;

  constructor({ inherits, shows }: Pick<Catalogue, 'inherits' | 'shows'>) {
    const up = inherits.map(({ child, parent }) => ({ from: child, to: parent }));
    const down = inherits.map(({ child, parent }) => ({ from: parent, to: child }));
    this.#parents = grouped(up, ({ from }) => from);
    this.#children = grouped(down, ({ from }) => from);
    const edges = shows.map(({ table, source }) => ({ from: table, to: source }));
    this.#sources = grouped(edges, ({ from }) => from);
  }

  /** The tables in which the rows of `table` show as well. */
  ancestorsOf(table: string): readonly string[] {
    return reachable(table, this.#parents);
  }

  /** The tables whose rows show in `table` as well. */
  descendantsOf(table: string): readonly string[] {
    return reachable(table, this.#children);
  }

  /** What a virtual table is made from. */
  sourcesOf(table: string): readonly string[] {
    return (this.#sources.get(table.toLowerCase()) ?? []).map(({ to }) => to);
  }
}

/** By names in lower case. */
type Steps = ReadonlyMap<string, readonly { readonly to: string }[]>;

/** Everything that `steps` lead to from `start`, directly or not. */
function reachable(start: string, steps: Steps): readonly string[] {
  const found = new Set<string>();
  const open = [...(steps.get(start.toLowerCase()) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.to === start || found.has(next.to)) continue;
    found.add(next.to);
    open.push(...(steps.get(next.to.toLowerCase()) ?? []));
  }
  return [...found];
}
