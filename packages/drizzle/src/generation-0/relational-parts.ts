import * as drizzle from 'drizzle-orm';
import { at, type Entity, isEntity, isPlainObject, NAME, SCHEMA } from '../objects/entities.js';
import type { QueryShapes } from './query-shape.js';

/** What 0.45 gives to the functions in a relational query, in the order in which it calls them. */
const OPERATORS: Readonly<Record<string, unknown>> = {
  where: callOf('getOperators'),
  extras: { sql: drizzle.sql },
  orderBy: callOf('getOrderByOperators'),
};

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown;

function functionOf(name: string): AnyFunction | undefined {
  const found = at(drizzle, name);
  return typeof found === 'function' ? (found as AnyFunction) : undefined;
}

function callOf(name: string): unknown {
  return functionOf(name)?.();
}

/**
 * `config` of a relational query, with functions that are called once, whoever calls them: what they do besides is done
 * once, and what describes the query is what it is built of.
 *
 * @returns `undefined` for what is no plain data: nobody can say what that shows to whom.
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
    const theirs = calledOnce(query);
    if (theirs === undefined) return undefined;
    nested[name] = theirs.config;
  }
  return { config: { ...copy, with: nested } };
}

function once(call: AnyFunction): AnyFunction {
  let returned: { readonly value: unknown } | undefined;
  return function (...given) {
    returned ??= { value: call.apply(this, given) };
    return returned.value;
  };
}

/** Describes what relational queries of 0.45 are built of. */
export class RelationalParts {
  readonly #shapes: QueryShapes;
  readonly #aliased = new WeakMap<object, Map<string, Entity>>();
  /** Whether the functions that we give away write SQL as those of the application's copy of Drizzle. */
  readonly #ours: boolean;

  constructor(shapes: QueryShapes) {
    this.#shapes = shapes;
    this.#ours = at(drizzle.sql``, 'decoder') === shapes.noDecoder;
  }

  /**
   * What its caller gave, with the functions in it called as Drizzle calls them.
   *
   * @param given - What the dialect is asked to build.
   * @returns `undefined` if one of the functions cannot be called.
   */
  of(given: Entity): unknown {
    const { table, tableConfig, queryConfig, tableAlias } = given;
    if (!isEntity(tableConfig) || typeof tableAlias !== 'string') return undefined;
    const config = this.#called(given, { table, tableConfig }, queryConfig, tableAlias);
    return config === undefined ? undefined : { tableAlias, config };
  }

  /** A query with what its functions returned, its table, and the columns that it may be answered with. */
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
    for (const [name, theirs] of Object.entries(relations)) {
      const related = relatedTo(whole, tableConfig, name);
      const parts = related && this.#called(whole, related, theirs, `${alias}_${name}`);
      if (related === undefined || parts === undefined) return undefined;
      nested[name] = [related.key, parts, this.#joinedBy(related.relation), this.#relationsOf(related.tableConfig)];
    }
    config['with'] = nested;
    return [config, columns, table, tsName];
  }

  /** The relations of a table: one that says nothing of its columns is read the other way round by Drizzle. */
  #relationsOf({ relations }: Entity): readonly unknown[] {
    return Object.values(isEntity(relations) ? relations : {}).map((relation) => this.#joinedBy(relation));
  }

  #joinedBy(relation: unknown): readonly unknown[] {
    const { relationName, sourceTable, referencedTable, config } = isEntity(relation) ? relation : {};
    // A string: numbers are described as values, which become parameters.
    const number = isEntity(relation) ? String(this.#shapes.numberOf(relation)) : undefined;
    return [number, relationName, sourceTable, referencedTable, at(config, 'fields'), at(config, 'references')];
  }

  /** The columns as Drizzle gives them to the functions: those of an alias, and the same objects each time. */
  #columnsAs(columns: Entity, alias: string): Entity | undefined {
    const aliasedTableColumn = functionOf('aliasedTableColumn');
    if (aliasedTableColumn === undefined) return undefined;
    let byAlias = this.#aliased.get(columns);
    if (byAlias === undefined) {
      byAlias = new Map();
      this.#aliased.set(columns, byAlias);
    }
    let made = byAlias.get(alias);
    if (made === undefined) {
      made = Object.fromEntries(
        Object.entries(columns).map(([name, column]) => {
          const aliased = aliasedTableColumn(column, alias) as object;
          this.#shapes.numberOf(aliased);
          return [name, aliased];
        }),
      );
      byAlias.set(alias, made);
    }
    // A function may do with the object what it likes.
    return { ...made };
  }
}

/** A table that is asked for, as it is and as relational queries know it. */
interface Related {
  readonly table: unknown;
  readonly tableConfig: Entity;
}

/** The table behind a relation, found as Drizzle finds it: by its name. */
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
