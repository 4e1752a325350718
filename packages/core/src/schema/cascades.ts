import type { ModelChange } from '../match/change.js';
import type { Facts } from '../match/footprint.js';
import { type CascadeClosure, CascadeClosures, linkedTo, namesOf, referencingOf } from './cascade-closures.js';
import { ChangeList } from './change-list.js';
import type { Declarations, DeclaredTables } from './declarations.js';
import { fieldsCalled } from './names.js';
import { columnsSetByTriggers, factsWithin } from './row-facts.js';
import {
  type Model,
  type Reference,
  type RowOperation,
  relationsOf,
  type Schema,
  type TriggerTarget,
} from './schema.js';

/** Rows of one model that a write touches. */
export interface RowsChanged {
  readonly model: Model;
  readonly op: 'create' | 'update' | 'delete';
  /** What all of them were before, as far as it is certain. */
  readonly before?: Facts | undefined;
  /** What all of them are afterwards, as far as it is certain. */
  readonly after?: Facts | undefined;
  /** The fields that an update sets. Absent: any. */
  readonly touched?: ReadonlySet<string> | undefined;
}

/** Records changed rows together with what the database changes because of them: referential actions and triggers. */
export class Cascades {
  readonly #schema: Schema;
  readonly #declarations: Declarations;
  readonly #changes: ChangeList;
  /** `undefined`: it works one out itself. */
  readonly #closures: CascadeClosures | undefined;
  readonly #included = new Set<CascadeClosure>();
  readonly #followed = new Set<string>();
  readonly #triggered = new Set<Model>();
  /** Operations on whole tables that triggers were followed for. */
  readonly #fired = new Set<string>();
  readonly #links = new Set<string>();

  /** @param keeps - Whether what goes along is kept for the next time. */
  constructor(schema: Schema, declarations: Declarations, changes: ChangeList, keeps = true) {
    this.#schema = schema;
    this.#declarations = declarations;
    this.#changes = changes;
    this.#closures = keeps ? CascadeClosures.of(schema, declarations) : undefined;
  }

  record(rows: RowsChanged): void {
    const { model, op, before } = rows;
    const triggered = this.#declarations.triggered(model);
    if (triggered === undefined) this.#changes.add(model, op, before, rows.after);
    else {
      this.#changes.whole(model.table);
      this.#recordTriggered(triggered);
      const { incomplete } = this.#schema;
      // A table that is not known may be what the view is of.
      if (incomplete !== undefined && model.isView && this.#declarations.reads(model) === undefined)
        this.#changes.everything(incomplete);
      // A declaration is no reason for the event `widened`.
      if (model.isView && this.#declarations.reads(model) === undefined)
        this.#changes.widen(`the tables that view ${model.name} reads are unknown`);
    }
    this.#fire(model.table, op);
    if (op !== 'create') this.#follow({ ...rows, touched: triggered === undefined ? this.#touched(rows) : undefined });
  }

  /** Records what triggers of `table` change that only the database's catalogue knows. */
  #fire(table: string, op: RowOperation): void {
    const observed = this.#schema.observed?.get(table.toLowerCase());
    if (observed === undefined) return;
    for (const ancestor of observed.ancestors) this.#changes.whole(ancestor);
    const step = `${op} ${table}`;
    if (this.#fired.has(step)) return;
    this.#fired.add(step);
    for (const { name, ops, unreadable, targets } of observed.triggers) {
      if (!ops.has(op)) continue;
      if (unreadable !== undefined) this.#changes.everything(`trigger: ${name} cannot be read: ${unreadable}`);
      else for (const target of targets) this.#recordTarget(target);
    }
  }

  /** Any rows of a table that a trigger writes to. */
  #recordTarget({ table, op, columns }: TriggerTarget): void {
    const name = table.toLowerCase();
    for (const link of this.#schema.joinTables.keys()) if (link.toLowerCase() === name) this.recordLinks(link);
    for (const model of this.#schema.models.values()) {
      if (model.table.toLowerCase() !== name) continue;
      this.#changes.whole(model.table);
      const step = JSON.stringify([op, model.name, columns]);
      if (this.#fired.has(step)) continue;
      this.#fired.add(step);
      this.record({ model, op, touched: fieldsCalled(model, columns) });
    }
  }

  /** The fields that an update may set, triggers included. */
  #touched({ model, touched }: RowsChanged): ReadonlySet<string> | undefined {
    const set = columnsSetByTriggers(this.#schema, model, 'update');
    if (touched === undefined || set.size === 0) return touched;
    const fields = [...model.fields.values()].filter((field) => field.kind === 'scalar' && set.has(field.column));
    return new Set([...touched, ...fields.map(({ name }) => name)]);
  }

  /** Any row of the join table `table`, with what triggers on it change. */
  recordLinks(table: string): void {
    this.#changes.whole(table);
    if (this.#links.has(table)) return;
    this.#links.add(table);
    for (const op of ['create', 'update', 'delete'] as const) this.#fire(table, op);
    this.#recordTriggered(this.#declarations.triggeredByLinks(table));
  }

  #recordTriggered({ models, joinTables }: DeclaredTables): void {
    for (const model of models) this.#recordWhole(model);
    for (const table of joinTables) this.recordLinks(table);
  }

  /** Records that any row of `model` may change in any way: what a trigger does is unknown. */
  #recordWhole(model: Model): void {
    if (this.#triggered.has(model)) return;
    this.#triggered.add(model);
    this.#changes.whole(model.table);
    this.record({ model, op: 'delete' });
    this.record({ model, op: 'update' });
  }

  /** Every model that is connected with `model` through relations, whole. For when the schema does not say more. */
  recordConnected(model: Model): void {
    const seen = new Set<string>();
    const visit = (name: string): void => {
      const visited = this.#schema.models.get(name);
      if (visited === undefined || seen.has(name)) return;
      seen.add(name);
      this.#changes.whole(visited.table);
      for (const op of ['create', 'update', 'delete'] as const) this.#fire(visited.table, op);
      const triggered = this.#declarations.triggered(visited);
      for (const other of triggered?.models ?? []) this.#changes.whole(other.table);
      for (const table of triggered?.joinTables ?? []) this.recordLinks(table);
      for (const relation of relationsOf(visited)) {
        this.recordLinks(relation.joinTable);
        visit(relation.target);
      }
    };
    visit(model.name);
    this.#changes.widen(this.#schema.degraded ?? `unknown-link: relations of ${model.name}`);
  }

  #follow({ model, op, before, touched }: RowsChanged): void {
    const { fields, columns } = referencingOf(this.#schema, model);
    const rows = { model, op, before: factsWithin(before, columns), touched: touched && within(touched, fields) };
    if (this.#closures === undefined) {
      this.#walk(rows);
      return;
    }
    // What goes along depends on what is known of the rows, and not on the values.
    const closure = this.#closures.get(stepOf({ ...rows, before: namesOf(rows.before) }), () => {
      const changes = new ChangeList();
      const alone = new Cascades(this.#schema, this.#declarations, changes, false);
      alone.#walk({ ...rows, before: namesOf(rows.before) });
      return changes;
    });
    for (const linked of closure.linked) this.#changes.addChange(linkedTo(rows.before, linked));
    if (this.#included.has(closure)) return;
    this.#included.add(closure);
    this.#changes.include(closure.fixed);
  }

  #walk(rows: RowsChanged): void {
    const { model, op, before, touched } = rows;
    const { references, incomplete } = this.#schema;
    if (incomplete !== undefined && mayBeReferenced(this.#schema.provider, model, op, touched))
      this.#changes.everything(incomplete);
    if (references === undefined) {
      this.recordConnected(model);
      return;
    }
    const step = stepOf(rows);
    if (this.#followed.has(step)) return;
    this.#followed.add(step);

    const referencing = referencingOf(this.#schema, model);
    if (op === 'delete' || touchesKey(model, touched, model.id))
      for (const table of referencing.joinTables) this.recordLinks(table);
    for (const reference of referencing.references) {
      if (op === 'update' && !touchesKey(model, touched, reference.foreignKey.references)) continue;
      this.#apply(reference, op === 'delete' ? reference.onDelete : reference.onUpdate, op, model, before);
    }
  }

  #apply(
    { child: name, foreignKey }: Reference,
    action: Reference['onDelete'],
    event: ModelChange['op'],
    parent: Model,
    before: Facts | undefined,
  ): void {
    if (action === 'Restrict' || action === 'NoAction') return;
    const child = this.#schema.models.get(name);
    if (child === undefined) return;
    if (child.onlyInCatalogue) this.#changes.widen(`schema-incomplete: ${child.table}`);
    this.record({
      model: child,
      op: action === 'Cascade' && event === 'delete' ? 'delete' : 'update',
      before: linkFacts(child, parent, foreignKey.fields, foreignKey.references, before),
      touched: new Set(foreignKey.fields),
    });
  }
}

function within(names: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].filter((name) => others.has(name)));
}

/** Tells steps apart that have other consequences. */
function stepOf({ model, op, before, touched }: RowsChanged): string {
  return JSON.stringify([model.name, op, before, touched && [...touched].toSorted()]);
}

/** Whether a table that is not known may reference what changes: whole rows, or their unique columns. */
function mayBeReferenced(
  provider: string | undefined,
  model: Model,
  op: ModelChange['op'],
  touched: ReadonlySet<string> | undefined,
): boolean {
  // MySQL lets foreign keys lead to columns that are not unique.
  return op === 'delete' || provider === 'mysql' || touchesKey(model, touched, model.uniques.flat());
}

/** Whether one of `fields` may get another value; what the database derives may. */
function touchesKey(
  model: Model,
  touched: ReadonlySet<string> | undefined,
  fields: readonly string[] | undefined,
): boolean {
  if (touched === undefined || fields === undefined) return true;
  return fields.some((name) => {
    const field = model.fields.get(name);
    return touched.has(name) || (field?.kind === 'scalar' && field.derived);
  });
}

/** The children's foreign key holds what is known of the parent's key. */
function linkFacts(
  child: Model,
  parent: Model,
  fields: readonly string[],
  references: readonly string[],
  before: Facts | undefined,
): Facts | undefined {
  const facts: Record<string, string> = {};
  fields.forEach((name, position) => {
    const own = child.fields.get(name);
    const referenced = parent.fields.get(references[position] ?? '');
    if (own?.kind !== 'scalar' || referenced?.kind !== 'scalar' || own.comparable !== referenced.comparable) return;
    const value = before?.[referenced.column];
    if (value !== undefined) facts[own.column] = value;
  });
  return Object.keys(facts).length === 0 ? undefined : facts;
}
