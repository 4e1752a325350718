import * as drizzle from 'drizzle-orm';
import { at, type Entity, isEntity, isPlainObject, NAME, SCHEMA } from '../objects/entities.js';
import type { QueryShapes } from './query-shape.js';

/** What 0.45 passes to the functions in a relational query, in the order in which it calls them. */
const OPERATORS: Readonly<Record<string, unknown>> = {
  where: callOf('getOperators'),
  extras: { sql: drizzle.sql },
  orderBy: callOf('getOrderByOperators'),
};

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

function functionOf(name: string): AnyFunction | undefined {
  const found = at(drizzle, name);
  return typeof found === 'function' ? (found as AnyFunction) : undefined;
}

function callOf(name: string): unknown {
  return functionOf(name)?.();
}

/**
 * `config` of a relational query, whose functions are called only once: their side effects happen once, and the query is
 * described by the same results that it is built of.
 *
 * @returns `undefined` for anything but plain data, whose properties may vary by reader.
 */
export function calledOnce(config: unknown): { readonly config: unknown } | undefined {
  if (!isEntity(config)) return { config };
  if (!isPlainObject(config)) return undefined;
  const copy: Record<string, unknown> = { ...config };
  for (const name of Object.keys(OPERATORS)) {
    const part = copy[name];
    if (typeof part === 'function') copy[name] = once(part as AnyFunction);
  }
  const relations = copy['with'];
  if (!isEntity(relations)) return { config: copy };
  const nested: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(relations)) {
    const related = calledOnce(query);
    if (related === undefined) return undefined;
    nested[name] = related.config;
  }
  return { config: { ...copy, with: nested } };
}

function once(call: AnyFunction): AnyFunction {
  let returned: { readonly value: unknown } | undefined;
  return function (...args) {
    returned ??= { value: call.apply(this, args) };
    return returned.value;
  };
}

/** Describes what relational queries of 0.45 are built of. */
export class RelationalParts {
  readonly #shapes: QueryShapes;
  readonly #aliased = new WeakMap<object, Map<string, Entity>>();
  /** Whether the functions that we pass on write SQL of the application's copy of Drizzle. */
  readonly #ours: boolean;

  constructor(shapes: QueryShapes) {
    this.#shapes = shapes;
    this.#ours = at(drizzle.sql``, 'decoder') === shapes.noDecoder;
  }

  /**
   * The configuration of a query, whose functions are called as Drizzle calls them.
   *
   * @param build - The argument of the dialect's method.
   * @returns `undefined` if one of the functions cannot be called.
   */
  of(build: Entity): unknown {
    const { table, tableConfig, queryConfig, tableAlias } = build;
    if (!isEntity(tableConfig) || typeof tableAlias !== 'string') return undefined;
    const config = this.#called(build, { table, tableConfig }, queryConfig, tableAlias);
    return config === undefined ? undefined : { tableAlias, config };
  }

  /** A query with the results of its functions, its table, and the columns that it may return. */
  #called(
    whole: Entity,
    { table, tableConfig }: Related,
    query: unknown,
    alias: string,
  ): readonly unknown[] | undefined {
    const { columns, tsName } = tableConfig;
    if (!isEntity(query) || !isEntity(columns)) return [query, columns, table, tsName];
    const config: Record<string, unknown> = { ...query };
    for (const [name, operators] of Object.entries(OPERATORS)) {
      const part = config[name];
      if (typeof part !== 'function') continue;
      const aliased = this.#ours && operators !== undefined ? this.#columnsAs(columns, alias) : undefined;
      if (aliased === undefined) return undefined;
      config[name] = Reflect.apply(part, query, [aliased, operators]) as unknown;
    }
    const relations = config['with'];
    if (!isEntity(relations)) return [config, columns, table, tsName];
    const nested: Record<string, unknown> = {};
    for (const [name, ofRelation] of Object.entries(relations)) {
      const related = relatedTo(whole, tableConfig, name);
      const parts = related && this.#called(whole, related, ofRelation, `${alias}_${name}`);
      if (related === undefined || parts === undefined) return undefined;
      nested[name] = [related.key, parts, this.#joinedBy(related.relation), this.#relationsOf(related.tableConfig)];
    }
    config['with'] = nested;
    return [config, columns, table, tsName];
  }

  /** The relations of a table, in both directions: Drizzle reads the columns of one from its opposite. */
  #relationsOf({ relations }: Entity): readonly unknown[] {
    return Object.values(isEntity(relations) ? relations : {}).map((relation) => this.#joinedBy(relation));
  }

  #joinedBy(relation: unknown): readonly unknown[] {
    const { relationName, sourceTable, referencedTable, config } = isEntity(relation) ? relation : {};
    // A string: in a shape, a number is a value that becomes a parameter.
    const number = isEntity(relation) ? String(this.#shapes.numberOf(relation)) : undefined;
    return [number, relationName, sourceTable, referencedTable, at(config, 'fields'), at(config, 'references')];
  }

  /** The columns as Drizzle passes them to functions: those of an alias, but the same objects each time. */
  #columnsAs(columns: Entity, alias: string): Entity | undefined {
    const aliasedTableColumn = functionOf('aliasedTableColumn');
    if (aliasedTableColumn === undefined) return undefined;
    let byAlias = this.#aliased.get(columns);
    if (byAlias === undefined) {
      byAlias = new Map();
      this.#aliased.set(columns, byAlias);
    }
    let aliases = byAlias.get(alias);
    if (aliases === undefined) {
      aliases = Object.fromEntries(
        Object.entries(columns).map(([name, column]) => {
          const aliased = aliasedTableColumn(column, alias) as object;
          this.#shapes.numberOf(aliased);
          return [name, aliased];
        }),
      );
      byAlias.set(alias, aliases);
    }
    // A copy: a function may change it.
    return { ...aliases };
  }
}

/** A table of a relational query, and its relational configuration. */
interface Related {
  readonly table: unknown;
  readonly tableConfig: Entity;
}

/** The table that a relation leads to, found by its name, as Drizzle does. */
function relatedTo(
  { schema, fullSchema, tableNamesMap }: Entity,
  tableConfig: Entity,
  name: string,
): (Related & { readonly key: string; readonly relation: unknown }) | undefined {
  const relation = at(tableConfig, 'relations', name);
  const table = at(relation, 'referencedTable');
  const key = at(tableNamesMap, `${String(at(table, SCHEMA) ?? 'public')}.${String(at(table, NAME))}`);
  const related = typeof key === 'string' ? at(schema, key) : undefined;
  if (typeof key !== 'string' || !isEntity(related)) return undefined;
  return { key, relation, table: at(fullSchema, key), tableConfig: related };
}
