/*
 * Recognises Drizzle's objects by the symbols that both generations put on them. It compares none with a class of Drizzle's: an
 * application may have several copies of Drizzle, and one build of this package serves all of them.
 */

export const ENTITY_KIND: unique symbol = Symbol.for('drizzle:entityKind');
export const NAME: unique symbol = Symbol.for('drizzle:Name');
export const ORIGINAL_NAME: unique symbol = Symbol.for('drizzle:OriginalName');
export const SCHEMA: unique symbol = Symbol.for('drizzle:Schema');
export const COLUMNS: unique symbol = Symbol.for('drizzle:Columns');
const EXTRA_COLUMNS = Symbol.for('drizzle:ExtraConfigColumns');
const EXTRA_BUILDER = Symbol.for('drizzle:ExtraConfigBuilder');
const IS_TABLE = Symbol.for('drizzle:IsDrizzleTable');
const IS_VIEW = Symbol.for('drizzle:IsDrizzleView');
const VIEW_CONFIG = Symbol.for('drizzle:ViewBaseConfig');
const MATERIALIZED = Symbol.for('drizzle:PgMaterializedViewConfig');
const BASE_NAME = Symbol.for('drizzle:BaseName');
export const IS_ALIAS: unique symbol = Symbol.for('drizzle:IsAlias');
const FOREIGN_KEYS = ['Pg', 'MySql', 'SQLite', 'SingleStore', 'Cockroach', 'MsSql'].map((dialect) =>
  Symbol.for(`drizzle:${dialect}InlineForeignKeys`),
);

/** All that Drizzle reads from a table when it writes the table's name. */
export const NAMES_OF_TABLES: readonly symbol[] = [NAME, SCHEMA, ORIGINAL_NAME, BASE_NAME, IS_ALIAS];

/** Any object of Drizzle's. */
export type Entity = Readonly<Record<PropertyKey, unknown>>;

export function isEntity(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null;
}

/** Whether `value` inherits nothing from a class. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The property of `value` at `path`, or `undefined`. */
export function at(value: unknown, ...path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const name of path) {
    if ((typeof current !== 'object' && typeof current !== 'function') || current === null) return undefined;
    current = Reflect.get(current, name);
  }
  return current;
}

/** Drizzle's name for the class of `value`, such as `'PgDialect'`. */
export function kindOf(value: unknown): string | undefined {
  const kind = at(value, 'constructor', ENTITY_KIND);
  return typeof kind === 'string' ? kind : undefined;
}

/** Whether `value` is an instance of the class that Drizzle calls `kind`, or of one derived from it. */
export function isOfKind(value: unknown, kind: string): boolean {
  for (let type = at(value, 'constructor'); typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    if (Object.hasOwn(type, ENTITY_KIND) && at(type, ENTITY_KIND) === kind) return true;
  }
  return false;
}

export function isTable(value: unknown): value is Entity {
  return isEntity(value) && IS_TABLE in value;
}

export function isView(value: unknown): value is Entity {
  return isEntity(value) && IS_VIEW in value;
}

/** The same object for a table and for all its aliases and proxies. */
export function originOf(table: Entity): object {
  const columns = table[EXTRA_COLUMNS];
  return isEntity(columns) ? columns : table;
}

/** A table as defined, without any alias. */
export interface TableDefinition {
  readonly name: string;
  readonly schema: string | undefined;
  readonly columns: Readonly<Record<string, Entity>>;
  /** Inline foreign keys: `{ onDelete, onUpdate, reference() }`. */
  readonly inlineForeignKeys: readonly unknown[];
  /** Builders of keys, indexes and foreign keys. */
  readonly extras: readonly unknown[];
}

export function definitionOf(table: Entity): TableDefinition {
  const schema = table[SCHEMA];
  const builder = table[EXTRA_BUILDER];
  const extras: unknown = typeof builder === 'function' ? builder(table[EXTRA_COLUMNS]) : [];
  const inline = FOREIGN_KEYS.map((symbol) => table[symbol]).find((keys) => keys !== undefined);
  return {
    name: String(table[ORIGINAL_NAME] ?? table[NAME]),
    schema: typeof schema === 'string' ? schema : undefined,
    columns: (table[COLUMNS] ?? {}) as Readonly<Record<string, Entity>>,
    inlineForeignKeys: Object.values(inline ?? []),
    extras: Array.isArray(extras) ? extras.flat(1) : Object.values(extras ?? {}),
  };
}

/** A view as defined. */
export interface ViewDefinition {
  readonly name: string;
  readonly schema: string | undefined;
  /** Its query as Drizzle's SQL; `undefined` if the view is declared with `existing()`. */
  readonly query: unknown;
  /** Whether it is materialized: it changes only when it is refreshed. */
  readonly materialized: boolean;
}

export function viewDefinitionOf(view: Entity): ViewDefinition {
  const config = view[VIEW_CONFIG];
  const schema = at(config, 'schema');
  return {
    name: String(at(config, 'originalName') ?? at(config, 'name')),
    schema: typeof schema === 'string' ? schema : undefined,
    query: at(config, 'query'),
    materialized: MATERIALIZED in view,
  };
}
