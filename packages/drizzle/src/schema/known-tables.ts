import { type Change, InvalidOptionError } from '@cachetastic/core';
import {
  Declarations,
  type DeclaredModels,
  type KnownFunctions,
  type Model,
  type ModelDeclaration,
  modelsCalled,
  type Reference,
  readSqlText,
  type Schema,
  viewReads,
  withStoredNames,
} from '@cachetastic/core/sql';
import type { DialectLike } from '../objects/database.js';
import {
  type Entity,
  isEntity,
  isTable,
  isView,
  NAME,
  ORIGINAL_NAME,
  originOf,
  SCHEMA,
  type ViewDefinition,
  viewDefinitionOf,
} from '../objects/entities.js';
import type { TableOptions } from '../options/options.js';
import { entitiesIn } from './entities-in.js';
import { modelName, modelOfTable, type NamedTable } from './table-model.js';

/** What {@link KnownTables} begins with. */
export interface KnownTablesParts {
  readonly provider: string;
  readonly dialect: DialectLike;
  /** The name that the dialect gives to a column. @defaultValue its own */
  readonly columnName?: ((column: Entity) => string | undefined) | undefined;
  /** Tables, views and whatever else a schema module exports; `undefined`: nobody gave any. */
  readonly given: readonly unknown[] | undefined;
  readonly tables: Readonly<Record<string, TableOptions | false>>;
  readonly views: Readonly<Record<string, readonly string[]>>;
  /** What the functions do that definitions of views call. */
  readonly functions: KnownFunctions;
  /** Adds what the database says besides. @defaultValue nothing */
  readonly observe?: ((schema: Schema, declared: DeclaredModels) => Schema) | undefined;
}

/** The schema with what was declared of it, at one time. */
export interface KnownSchema {
  /** What the code says. */
  readonly schema: Schema;
  /** The same with what the database says besides: what writes change. */
  readonly written: Schema;
  readonly declarations: Declarations;
}

const WORDS = { option: 'tables', one: 'a table', names: 'table names' };

/**
 * The tables and views of a database, as far as they are known: those that were given, and those that queries hold.
 *
 * Which tables reference another can be told only if all of them are known. Unless they were given, a change that could
 * reach others invalidates everything.
 */
export class KnownTables {
  readonly #parts: KnownTablesParts;
  readonly #tables = new Map<string, NamedTable>();
  /** By the origin of a table: the names that it has had in the database, each with its model. */
  readonly #names = new WeakMap<object, Map<string, string>>();
  readonly #views = new Map<string, ViewDefinition>();
  /** What was learned, with the name that it had then. */
  readonly #learned = new WeakMap<object, string>();
  #incomplete: string | undefined;
  #current: KnownSchema | undefined;
  /** What was known of functions when it was built. */
  #functionsVersion: number;

  /** @throws {@link InvalidOptionError} for an option that names a table which the given ones lack. */
  constructor(parts: KnownTablesParts) {
    this.#parts = parts;
    this.#functionsVersion = parts.functions.version;
    const { given } = parts;
    if (given === undefined) {
      this.#incomplete = 'schema-unknown: without the option `schema` nobody knows which tables reference this one';
    }
    const entities = (given ?? []).filter((entity) => isTable(entity) || isView(entity));
    for (const entity of entities) this.#add(entity);
    // Only now: a view may be defined before the tables that it reads.
    for (const entity of entities) if (isView(entity)) this.learn(viewDefinitionOf(entity).query);
    this.#current = this.#build();
  }

  /** What is known now. */
  get current(): KnownSchema {
    // What a view reads can be told only if its functions are known. With the catalogue they are told anew.
    const { version } = this.#parts.functions;
    if (version !== this.#functionsVersion) this.#current = undefined;
    this.#functionsVersion = version;
    this.#current ??= this.#build();
    return this.#current;
  }

  /** The schemas that are written before names of tables. */
  get schemas(): readonly string[] {
    const qualified = [...this.current.schema.models.values()].filter(({ name, table }) => name.endsWith(`.${table}`));
    return [...new Set(qualified.map(({ name, table }) => name.slice(0, -table.length - 1)))];
  }

  /** Why cascades are not known, if they are not. */
  get incomplete(): string | undefined {
    return this.#incomplete;
  }

  /** Learns the tables and views that `sql` holds. */
  learn(sql: unknown): void {
    if (!isEntity(sql) || this.#isLearned(sql)) return;
    const { tables, views } = entitiesIn(sql);
    for (const entity of [...tables, ...views]) {
      if (this.#isLearned(entity)) continue;
      this.#learned.set(entity, tableNameOf(entity).table);
      const isKnown = isTable(entity) && this.#names.has(originOf(entity));
      const name = this.#add(entity);
      if (name !== undefined && !isKnown && this.#parts.given !== undefined) {
        this.#incomplete ??= `schema-incomplete: ${name} is not among the tables of the option \`schema\``;
      }
      if (isView(entity)) this.learn(viewDefinitionOf(entity).query);
    }
  }

  /**
   * The models that `named` means: Drizzle's tables and views, or their names, one or many.
   *
   * @throws {@link InvalidOptionError} for what is neither, and for a name that the schema lacks.
   */
  named(option: string, named: unknown): readonly Model[] {
    if (named === undefined) return [];
    return (Array.isArray(named) ? named : [named]).flatMap((one: unknown) => {
      if (isTable(one) || isView(one)) {
        this.learn(one);
        const { table } = tableNameOf(one);
        return modelsCalled(this.current.schema, table);
      }
      if (typeof one !== 'string' || one === '') {
        throw new InvalidOptionError(option, named, 'tables or their names, one or a list');
      }
      const { schema, declarations } = this.current;
      const called = modelsCalled(schema, one);
      if (called.length > 0) return called;
      // Without a schema nobody can tell a wrong name from that of a table which no query has used yet.
      if (this.#incomplete !== undefined && !schema.models.has(one)) return [stub(one)];
      return [declarations.named(option, one)];
    });
  }

  /** The changes that invalidate what `named` means, as a whole. @throws {@link InvalidOptionError} as {@link named} does. */
  whole(option: string, named: unknown): readonly Change[] {
    return this.named(option, named).map(({ table }): Change => ({ kind: 'model', model: table, op: 'any' }));
  }

  /** Whether `entity` was learned under the name that it has now. */
  #isLearned(entity: Entity): boolean {
    const name = this.#learned.get(entity);
    return name !== undefined && name === tableNameOf(entity).table;
  }

  /** @returns The name of what was not known before. */
  #add(entity: Entity): string | undefined {
    const { name, table } = tableNameOf(entity);
    if (isTable(entity)) {
      // Footprints and changes name tables without their schema, which an application may assign at run time.
      const names = this.#names.get(originOf(entity)) ?? new Map<string, string>();
      if (names.has(table)) return undefined;
      this.#names.set(originOf(entity), names.set(table, name));
      if (this.#tables.has(name)) return undefined;
      this.#tables.set(name, { entity, name, table });
    } else {
      if (this.#views.has(name)) return undefined;
      this.#views.set(name, viewDefinitionOf(entity));
    }
    this.#current = undefined;
    return table;
  }

  #build(): KnownSchema {
    const { provider, columnName } = this.#parts;
    const models = new Map<string, Model>();
    const references: Reference[] = [];
    const namesOf = (table: Entity) => [...(this.#names.get(originOf(table))?.values() ?? [])];
    for (const table of this.#tables.values()) {
      const found = modelOfTable(table, (column) => columnName?.(column) ?? String(column['name']), namesOf);
      models.set(found.model.name, found.model);
      references.push(...found.references);
    }
    for (const definition of this.#views.values()) {
      const name = modelName(definition);
      models.set(name, { ...stub(name), table: definition.name, isView: true });
    }
    this.#addDeclared(models);
    const schema = withStoredNames({
      models,
      references,
      joinTables: new Map(),
      provider,
      degraded: undefined,
      incomplete: this.#incomplete,
      fingerprint: '',
    });
    this.#check(schema);
    const declared = this.#declared(schema);
    const written = this.#parts.observe?.(schema, declared) ?? schema;
    return { schema, written, declarations: new Declarations(written, declared, WORDS) };
  }

  /** @throws {@link InvalidOptionError} for an option that names what the schema lacks. */
  #check(schema: Schema): void {
    const { tables, views } = this.#parts;
    const known = new Declarations(schema, {}, WORDS);
    for (const name of Object.keys(tables)) known.named(`tables.${name}`, name);
    for (const [view, reads] of Object.entries(views)) for (const name of reads) known.named(`views.${view}`, name);
  }

  /** Names in the options that no table has yet: views that no query has used, and tables where nobody gave a schema. */
  #addDeclared(models: Map<string, Model>): void {
    const { tables, views, given } = this.#parts;
    const has = (name: string): boolean =>
      [...models.values()].some((model) => model.name === name || model.table === name);
    for (const [view, reads] of Object.entries(views)) {
      if (!has(view)) models.set(view, { ...stub(view), isView: true });
      for (const name of reads) if (given === undefined && !has(name)) models.set(name, stub(name));
    }
    if (given !== undefined) return;
    for (const [name, options] of Object.entries(tables)) {
      const named = [name, ...((options === false ? undefined : options.triggers) ?? [])];
      for (const one of named) if (!has(one)) models.set(one, stub(one));
    }
  }

  #declared(schema: Schema): DeclaredModels {
    const { tables, views } = this.#parts;
    const declared: Record<string, ModelDeclaration | false> = {};
    const namesOf = (name: string): readonly string[] => {
      if (schema.models.has(name)) return [name];
      const found = modelsCalled(schema, name).map((model) => model.name);
      return found.length === 0 ? [name] : found;
    };
    for (const [name, options] of Object.entries(tables)) {
      const triggers = options === false ? undefined : options.triggers?.flatMap(namesOf);
      for (const model of namesOf(name)) declared[model] = options === false ? false : { triggers };
    }
    for (const definition of this.#views.values()) {
      const name = modelName(definition);
      if (declared[name] !== false)
        declared[name] = { ...declared[name], dependsOn: this.#readsOf(schema, definition) };
    }
    for (const [view, reads] of Object.entries(views)) {
      for (const model of namesOf(view)) {
        if (declared[model] !== false) declared[model] = { ...declared[model], dependsOn: reads.flatMap(namesOf) };
      }
    }
    return declared;
  }

  /** The tables that a view reads by its definition; `undefined` if that does not say. */
  #readsOf(schema: Schema, { query, materialized }: ViewDefinition): readonly string[] | undefined {
    // A copy changes when it is refreshed, whatever happens to what it was made of.
    if (materialized) return [];
    if (query === undefined) return undefined;
    const { dialect, provider, functions } = this.#parts;
    const text = readSqlText(dialect.sqlToQuery(query).sql, provider, functions);
    const reads = viewReads(schema, text);
    return reads && [...reads.models.map(({ name }) => name), ...reads.joinTables];
  }
}

function tableNameOf(entity: Entity): { readonly name: string; readonly table: string } {
  if (!isTable(entity)) {
    const definition = viewDefinitionOf(entity);
    return { name: modelName(definition), table: definition.name };
  }
  const schema = entity[SCHEMA];
  const table = String(entity[ORIGINAL_NAME] ?? entity[NAME]);
  return { name: modelName({ name: table, schema: typeof schema === 'string' ? schema : undefined }), table };
}

function stub(name: string): Model {
  return { name, table: name, isView: false, fields: new Map(), id: undefined, uniques: [] };
}
