import { type Change, InvalidOptionError } from '@cachetastic/core';
import {
  Declarations,
  type DeclaredModels,
  type KnownFunctions,
  type Model,
  modelsCalled,
  parseSql,
  type Reference,
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
import {
  addDeclared,
  checkNames,
  type DeclaringOptions,
  declaredModels,
  modelNamed,
  WORDS,
} from './declared-tables.js';
import { entitiesIn } from './entities-in.js';
import { modelName, modelOfTable, type NamedTable } from './table-model.js';

/** What {@link KnownTables} begins with. */
export interface KnownTablesOptions extends DeclaringOptions {
  readonly provider: string;
  readonly dialect: DialectLike;
  /** The name that the dialect gives to a column. @defaultValue its own */
  readonly columnName?: ((column: Entity) => string | undefined) | undefined;
  /** Tables, views and whatever else a schema module exports; `undefined` if the application gave no schema. */
  readonly definitions: readonly unknown[] | undefined;
  /** What functions do that definitions of views call. */
  readonly functions: KnownFunctions;
  /** Adds what the database has and the code lacks. @defaultValue nothing */
  readonly observe?: ((schema: Schema, declared: DeclaredModels) => Schema) | undefined;
}

/** The schema and what is declared of it, at one time. */
export interface KnownSchema {
  /** As the code defines it. */
  readonly schema: Schema;
  /** With what only the database has, which writes change as well. */
  readonly written: Schema;
  readonly declarations: Declarations;
}

/**
 * The tables and views of a database, as far as they are known: those of the schema, and those that queries contain.
 *
 * If the application gave no schema, a table that references another may be unknown. Then a change that could reach other
 * tables invalidates everything.
 */
export class KnownTables {
  readonly #options: KnownTablesOptions;
  readonly #tables = new Map<string, NamedTable>();
  /** By the origin of a table: the names that it has had in the database, each with that of its model. */
  readonly #names = new WeakMap<object, Map<string, string>>();
  readonly #views = new Map<string, ViewDefinition>();
  /** Tables and views that were learned, with the name that each had then. */
  readonly #learned = new WeakMap<object, string>();
  #incomplete: string | undefined;
  #current: KnownSchema | undefined;
  /** The version of the known functions that `#current` was built with. */
  #functionsVersion: number;

  /** @throws {@link InvalidOptionError} for an option that names a table that the schema lacks. */
  constructor(options: KnownTablesOptions) {
    this.#options = options;
    this.#functionsVersion = options.functions.version;
    const { definitions } = options;
    if (definitions === undefined) {
      this.#incomplete = 'schema-unknown: without the option `schema`, referencing tables are unknown';
    }
    const entities = (definitions ?? []).filter((entity) => isTable(entity) || isView(entity));
    for (const entity of entities) this.#add(entity);
    // After the tables: a view may be defined before those that it reads.
    for (const entity of entities) if (isView(entity)) this.learn(viewDefinitionOf(entity).query);
    this.#current = this.#build();
  }

  /** All that is known now. */
  get current(): KnownSchema {
    // What a view reads depends on what its functions do, which the catalogue may have changed.
    const { version } = this.#options.functions;
    if (version !== this.#functionsVersion) this.#current = undefined;
    this.#functionsVersion = version;
    this.#current ??= this.#build();
    return this.#current;
  }

  /** The schemas in the names of models. */
  get schemas(): readonly string[] {
    const qualified = [...this.current.schema.models.values()].filter(({ name, table }) => name.endsWith(`.${table}`));
    return [...new Set(qualified.map(({ name, table }) => name.slice(0, -table.length - 1)))];
  }

  /** Why not all cascades are known; `undefined` if they are. */
  get incomplete(): string | undefined {
    return this.#incomplete;
  }

  /** Adds the tables and views that `sql` contains. */
  learn(sql: unknown): void {
    if (!isEntity(sql) || this.#isLearned(sql)) return;
    const { tables, views } = entitiesIn(sql);
    for (const entity of [...tables, ...views]) {
      if (this.#isLearned(entity)) continue;
      this.#learned.set(entity, tableNameOf(entity).table);
      const isKnown = isTable(entity) && this.#names.has(originOf(entity));
      const name = this.#add(entity);
      if (name !== undefined && !isKnown && this.#options.definitions !== undefined) {
        this.#incomplete ??= `schema-incomplete: ${name} is not among the tables of the option \`schema\``;
      }
      if (isView(entity)) this.learn(viewDefinitionOf(entity).query);
    }
  }

  /**
   * The models of `named`: a table or view of Drizzle's, its name, or an array of them.
   *
   * @throws {@link InvalidOptionError} for any other value, and for a name that the schema lacks.
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
        throw new InvalidOptionError(option, named, 'a table or its name, or an array of them');
      }
      const { schema, declarations } = this.current;
      const called = modelsCalled(schema, one);
      if (called.length > 0) return called;
      // Without a complete schema, this may be a table that no query has used yet.
      if (this.#incomplete !== undefined && !schema.models.has(one)) return [modelNamed(one)];
      return [declarations.named(option, one)];
    });
  }

  /** The changes that invalidate all rows of `named`. @throws {@link InvalidOptionError} as {@link named} does. */
  whole(option: string, named: unknown): readonly Change[] {
    return this.named(option, named).map(({ table }): Change => ({ kind: 'model', model: table, op: 'any' }));
  }

  /** Whether `entity` was learned under the name that it has now. */
  #isLearned(entity: Entity): boolean {
    const name = this.#learned.get(entity);
    return name !== undefined && name === tableNameOf(entity).table;
  }

  /** @returns The name of a table or view that was not known before. */
  #add(entity: Entity): string | undefined {
    const { name, table } = tableNameOf(entity);
    if (isTable(entity)) {
      // By the name without the schema, as in footprints and changes: an application may assign the schema at run time.
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
    const { provider, columnName, definitions } = this.#options;
    const models = new Map<string, Model>();
    const references: Reference[] = [];
    const namesOf = (table: Entity) => [...(this.#names.get(originOf(table))?.values() ?? [])];
    for (const table of this.#tables.values()) {
      const { model, references: own } = modelOfTable(
        table,
        (column) => columnName?.(column) ?? String(column['name']),
        namesOf,
      );
      models.set(model.name, model);
      references.push(...own);
    }
    for (const definition of this.#views.values()) {
      const name = modelName(definition);
      models.set(name, { ...modelNamed(name), table: definition.name, isView: true });
    }
    addDeclared(models, this.#options, definitions !== undefined);
    const schema = withStoredNames({
      models,
      references,
      joinTables: new Map(),
      provider,
      degraded: undefined,
      incomplete: this.#incomplete,
      fingerprint: '',
    });
    checkNames(schema, this.#options);
    const reads = [...this.#views].map(([name, view]) => [name, () => this.#readsOf(schema, view)] as const);
    const declared = declaredModels(schema, this.#options, new Map(reads));
    const written = this.#options.observe?.(schema, declared) ?? schema;
    return { schema, written, declarations: new Declarations(written, declared, WORDS) };
  }

  /** The tables that a view reads by its definition; `undefined` if that does not show. */
  #readsOf(schema: Schema, { query, materialized }: ViewDefinition): readonly string[] | undefined {
    // A materialized view changes only when it is refreshed.
    if (materialized) return [];
    if (query === undefined) return undefined;
    const { dialect, provider, functions } = this.#options;
    const parsed = parseSql(dialect.sqlToQuery(query).sql, provider, functions);
    const reads = viewReads(schema, parsed);
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
