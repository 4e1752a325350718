import type { Catalogue, CatalogueForeignKey, CatalogueTrigger } from '../catalogue/catalogue.js';
import type { KnownFunctions } from '../catalogue/known-functions.js';
import type { DeclaredModels } from '../schema/declarations.js';
import { columnCalled, modelsCalled } from '../schema/names.js';
import type {
  Model,
  ObservedTable,
  ObservedTrigger,
  Reference,
  RowOperation,
  Schema,
  TriggerTarget,
} from '../schema/schema.js';
import type { SchemaFinding } from '../schema/schema-finding.js';
import { acts, isSameKey, says, written } from './reference-actions.js';
import { grouped, SharedRows } from './shared-rows.js';
import { readTriggerCode, type TriggerCode } from './trigger-code.js';

/** A schema in code, joined with the database's catalogue. */
export interface JoinedSchema {
  readonly schema: Schema;
  readonly findings: readonly SchemaFinding[];
  /** The schemas of the database that triggers write to and foreign keys lead to. */
  readonly schemas: ReadonlySet<string>;
}

/** What {@link joinCatalogue} needs in addition to the schema and the catalogue. */
export interface JoinContext {
  /** What the functions do that triggers call. */
  readonly functions: KnownFunctions;
  /** What the application declares of models and join tables, by their names. */
  readonly declared: DeclaredModels;
  /** The option that holds the declarations. */
  readonly option: string;
}

/**
 * `schema` with the foreign keys, triggers, rules, partitions and derived columns of the database, as far as writes to its
 * tables can reach them. What both say is known once; where they differ, both count.
 */
export function joinCatalogue(schema: Schema, catalogue: Catalogue, context: JoinContext): JoinedSchema {
  return new Join(schema, catalogue, context).join();
}

const ROWS_OF_RULE: readonly RowOperation[] = ['create', 'update', 'delete'];

class Join {
  readonly #schema: Schema;
  readonly #context: JoinContext;
  readonly #models: Map<string, Model>;
  readonly #references: Reference[];
  readonly #observed = new Map<string, ObservedTable>();
  readonly #findings = new Map<string, SchemaFinding>();
  readonly #added = new Map<string, Model>();
  readonly #schemas = new Set<string>();
  readonly #joinTables: ReadonlyMap<string, string>;
  readonly #views: ReadonlySet<string>;
  readonly #keysByParent: ReadonlyMap<string, readonly CatalogueForeignKey[]>;
  readonly #triggersByTable: ReadonlyMap<string, readonly CatalogueTrigger[]>;
  readonly #shared: SharedRows;
  readonly #codes = new Map<string | undefined, TriggerCode>();
  /** Tables that a write may reach, and that were not looked at yet. */
  readonly #reached: string[] = [];

  constructor(schema: Schema, catalogue: Catalogue, context: JoinContext) {
    this.#schema = schema;
    this.#context = context;
    this.#models = new Map(schema.models);
    this.#references = [...(schema.references ?? [])];
    this.#joinTables = new Map([...schema.joinTables.keys()].map((table) => [table.toLowerCase(), table]));
    this.#views = new Set(catalogue.views.map((view) => view.toLowerCase()));
    this.#keysByParent = grouped(catalogue.foreignKeys, ({ parent }) => parent);
    this.#triggersByTable = grouped(catalogue.triggers, ({ table }) => table);
    this.#shared = new SharedRows(catalogue);
    for (const { table, column } of catalogue.derived) this.#derive(table, column);
  }

  join(): JoinedSchema {
    const { models, joinTables } = this.#schema;
    this.#reached.push(...[...models.values()].map(({ table }) => table), ...joinTables.keys());
    const seen = new Set<string>();
    for (let table = this.#reached.pop(); table !== undefined; table = this.#reached.pop()) {
      if (seen.has(table.toLowerCase())) continue;
      seen.add(table.toLowerCase());
      this.#visit(table);
    }
    const references = this.#schema.references === undefined ? undefined : this.#references;
    const schema = { ...this.#schema, models: this.#models, references, observed: this.#observed };
    return { schema, findings: [...this.#findings.values()], schemas: this.#schemas };
  }

  #visit(table: string): void {
    const name = table.toLowerCase();
    const ancestors = this.#shared.ancestorsOf(table);
    // A write to a partition is one to the whole table, and one to the whole table may be one to a partition.
    const related = [table, ...ancestors, ...this.#shared.descendantsOf(table)].map((one) => one.toLowerCase());
    for (const one of related) for (const key of this.#keysByParent.get(one) ?? []) this.#addReference(key, table);
    const triggers = this.#triggersOf(table, related);
    const sources = this.#shared.sourcesOf(table);
    if (triggers.length + ancestors.length + sources.length > 0)
      this.#observed.set(name, { triggers, ancestors, sources });
    const [model] = modelsCalled(this.#schema, table);
    if (model === undefined) return;
    for (const ancestor of ancestors)
      this.#find(model, {
        lacks: `that its rows show in ${ancestor} as well, which it is a partition of or inherits from`,
        consequence: `a write to ${table} also invalidates ${ancestor}, and what is read of ${table} depends on both`,
        advice: 'nothing: a schema in code cannot say it',
      });
  }

  /** @param table - The table whose changes the key passes on: its parent, or one that shares rows with that. */
  #addReference(key: CatalogueForeignKey, table: string): void {
    const { child, childSchema, childColumns, parentColumns, onDelete, onUpdate } = key;
    if (childSchema !== undefined) this.#schemas.add(childSchema);
    // The rows of implicit relations go with those that they link, whatever the key says.
    if (this.#joinTables.has(child.toLowerCase())) {
      this.#reached.push(child);
      return;
    }
    const parents = this.#modelsOf(table);
    const children = this.#modelsOf(child);
    const pairs = parents.flatMap((parent) => children.map((of) => ({ parent, of })));
    const references = pairs.map(
      ({ parent, of }): Reference => ({
        child: of.name,
        parent: parent.name,
        foreignKey: {
          fields: childColumns.map((column) => fieldOf(of, column)),
          references:
            parentColumns.length === 0
              ? (parent.id ?? [...parent.fields.keys()])
              : parentColumns.map((column) => fieldOf(parent, column)),
        },
        onDelete,
        onUpdate,
      }),
    );
    this.#reached.push(child);
    const ofChild = new Set(children.map(({ name }) => name));
    const known = this.#references.filter((one) => ofChild.has(one.child));
    const lacking = references.filter(
      (reference) => !known.some((one) => says(one, { ...reference, child: one.child })),
    );
    if (lacking.length === 0) return;
    const before = known.filter((one) => lacking.some((reference) => isSameKey(one, reference)));
    this.#references.push(...lacking);
    const [model] = parents;
    if (model === undefined || model.onlyInCatalogue || this.#schema.incomplete !== undefined) return;
    const actions = [
      ...(acts(onDelete) ? [`on delete ${written(onDelete)}`] : []),
      ...(acts(onUpdate) ? [`on update ${written(onUpdate)}`] : []),
    ].join(', ');
    if (actions === '') return;
    const columns = `${child} (${childColumns.join(', ')}) → ${key.parent}`;
    const has = before[0];
    this.#find(model, {
      lacks:
        has === undefined
          ? `the foreign key ${columns}, ${actions}`
          : `the action of the foreign key ${columns}: the database has ${actions}, the schema in code has on delete ${written(has.onDelete)}, on update ${written(has.onUpdate)}`,
      consequence: `${acts(onDelete) ? 'a delete' : 'an update'} of ${table} also invalidates ${child}`,
      advice: `give ${child} this foreign key with its actions in the schema in code`,
    });
  }

  #triggersOf(table: string, related: readonly string[]): readonly ObservedTrigger[] {
    const triggers = new Map<string, ObservedTrigger>();
    for (const trigger of related.flatMap((one) => this.#triggersByTable.get(one) ?? [])) {
      const observed = this.#observe(trigger, table);
      // A partition has the triggers of the whole table again.
      triggers.set(JSON.stringify([observed, [...observed.ops], [...observed.sets]]), observed);
    }
    return [...triggers.values()].filter(({ unreadable }) => unreadable === undefined || !this.#declares(table));
  }

  #observe(trigger: CatalogueTrigger, table: string): ObservedTrigger {
    const code = this.#read(trigger.code);
    const { ops, before } = trigger;
    const views = code.targets.filter((target) => this.#isUnknownView(target.table));
    const unreadable =
      code.unreadable ?? (views[0] && `it writes to the view ${views[0].table}, which the schema lacks`);
    const targets: TriggerTarget[] = [...code.targets];
    // A rule does something else than the statement: what that returns are not the rows that it wrote.
    if (trigger.kind === 'rule') targets.push(...ROWS_OF_RULE.map((op) => ({ table, op })));
    const name = `${trigger.name} of ${table}`;
    const observed = { name, ops, unreadable, targets, sets: before ? code.sets : new Set<string>() };
    if (unreadable === undefined) for (const target of targets) this.#reach(target);
    this.#findTrigger(observed, table);
    return observed;
  }

  #read(code: string | undefined): TriggerCode {
    const read = this.#codes.get(code) ?? readTriggerCode(code, this.#schema.provider, this.#context.functions);
    this.#codes.set(code, read);
    return read;
  }

  #findTrigger({ name, unreadable, targets }: ObservedTrigger, table: string): void {
    const model = modelsCalled(this.#schema, table)[0]?.name ?? this.#joinTables.get(table.toLowerCase());
    if (model === undefined) return;
    const option = `${this.#context.option}.${model}.triggers`;
    const found = { table, lacks: name };
    if (unreadable !== undefined) {
      if (this.#declares(table)) return;
      this.#find(found, {
        lacks: name,
        consequence: `a write to ${table} that it runs for invalidates everything, because it cannot be read: ${unreadable}`,
        advice: `name the tables that it changes in ${option}: [] if it changes only the row itself`,
      });
      return;
    }
    const declared = new Set([table, ...this.#declaredBy(table)].map((one) => one.toLowerCase()));
    const others = [...new Set(targets.map((target) => target.table))].filter(
      (one) => !declared.has(one.toLowerCase()),
    );
    if (others.length === 0) return;
    this.#find(found, {
      lacks: `${name}, which writes to ${others.join(', ')}`,
      consequence: `a write to ${table} that it runs for also invalidates ${others.join(', ')}`,
      advice: `name ${others.join(', ')} in ${option}`,
    });
  }

  /** Whether the application declares what triggers on `table` do. */
  #declares(table: string): boolean {
    const declarations = this.#declarationsOf(table);
    return declarations.length > 0 && declarations.every((triggers) => triggers !== undefined);
  }

  #declaredBy(table: string): readonly string[] {
    const declared = this.#declarationsOf(table).flatMap((triggers) => triggers ?? []);
    return declared.map((name) => this.#schema.models.get(name)?.table ?? name);
  }

  #declarationsOf(table: string): readonly (readonly string[] | undefined)[] {
    const { declared } = this.#context;
    const link = this.#joinTables.get(table.toLowerCase());
    const called = link === undefined ? modelsCalled(this.#schema, table).map(({ name }) => name) : [link];
    return called.map((name) => {
      const declaration = declared[name] ?? declared[table];
      return declaration === false ? undefined : declaration?.triggers;
    });
  }

  #isUnknownView(table: string): boolean {
    return this.#views.has(table.toLowerCase()) && modelsCalled(this.#schema, table).length === 0;
  }

  /** Makes a table known that a trigger writes to. */
  #reach({ table, schema }: TriggerTarget): void {
    if (schema !== undefined) this.#schemas.add(schema);
    if (!this.#joinTables.has(table.toLowerCase())) this.#modelsOf(table);
    this.#reached.push(table);
  }

  /** Those of `table`; one that only the catalogue names if the schema in code lacks it. */
  #modelsOf(table: string): readonly Model[] {
    const known = modelsCalled(this.#schema, table);
    if (known.length > 0) return known.map((model) => this.#models.get(model.name) ?? model);
    const added = this.#added.get(table.toLowerCase()) ?? this.#add(table);
    return [added];
  }

  #add(table: string): Model {
    const name = this.#models.has(table) ? `${table} of the database` : table;
    const model: Model = {
      name,
      table,
      isView: false,
      fields: new Map(),
      id: undefined,
      uniques: [],
      onlyInCatalogue: true,
    };
    this.#models.set(name, model);
    this.#added.set(table.toLowerCase(), model);
    return model;
  }

  #derive(table: string, column: string): void {
    for (const { name } of modelsCalled(this.#schema, table)) {
      const model = this.#models.get(name);
      const field = model && columnCalled(model, column);
      if (model === undefined || field === undefined || field.derived) continue;
      this.#models.set(name, { ...model, fields: new Map(model.fields).set(field.name, { ...field, derived: true }) });
    }
  }

  #find({ table }: Pick<Model, 'table'>, found: Omit<SchemaFinding, 'table'>): void {
    const key = JSON.stringify([table, found.lacks]);
    if (!this.#findings.has(key)) this.#findings.set(key, { table, ...found });
  }
}

/** The name of the field of `column`; the column's own name if the schema in code lacks it. */
function fieldOf(model: Model, column: string): string {
  return columnCalled(model, column)?.name ?? column;
}
