import type { Facts } from '../match/footprint.js';
import type { WriteAnalysis } from '../schema/analysis.js';
import { Cascades } from '../schema/cascades.js';
import { ChangeList, MOST_CHANGES } from '../schema/change-list.js';
import type { Declarations } from '../schema/declarations.js';
import { columnCalled, fieldsCalled, isCalled, joinTablesCalled, modelsCalled } from '../schema/names.js';
import {
  columnsSetByTriggers,
  factsOf,
  factsWithout,
  joinFacts,
  keyColumns,
  uniqueColumns,
} from '../schema/row-facts.js';
import type { Model, ScalarField, Schema } from '../schema/schema.js';
import type { ParsedSql } from './parsed-sql.js';
import type { SqlMutation } from './statement/mutation.js';
import type { SqlStatement } from './statement/statement.js';
import { boundValue, type SqlValue } from './statement/values.js';
import { recordStatement } from './statement-changes.js';

/** A row that a statement returned: its values in the order of the columns, or by their names. */
export type ReturnedRow = readonly unknown[] | Readonly<Record<string, unknown>>;

/**
 * What the statements in `parsed` change, down to the row where that is certain: by their conditions on the primary key, by
 * the values that they write, and by the rows that they returned.
 *
 * @param rows - All the rows that it returned; `undefined`: it has not run, or what it returned is not known.
 */
export function analyseWrite(
  schema: Schema,
  declarations: Declarations,
  parsed: ParsedSql,
  parameters: readonly unknown[],
  rows: readonly ReturnedRow[] | undefined,
): WriteAnalysis {
  const changes = new ChangeList();
  const cascades = new Cascades(schema, declarations, changes);
  if (parsed.unreadable !== undefined) changes.everything(`raw-sql: cannot be parsed: ${parsed.unreadable}`);
  for (const { tokens, judged, mutation } of parsed.statements) {
    const models = mutation === undefined ? [] : modelsCalled(schema, mutation.table);
    const [model] = models;
    if (judged.unknown !== undefined) changes.everything(`raw-sql: ${judged.unknown}`);
    else if (
      mutation === undefined ||
      model === undefined ||
      models.length > 1 ||
      isMixed(schema, model, mutation, judged)
    )
      recordStatement(schema, declarations, changes, tokens, judged.targets);
    else {
      // With several statements, which of them returned the rows cannot be determined.
      const own = parsed.statements.length > 1 ? undefined : rows;
      new RowChanges(schema, cascades, model, mutation, parameters).record(own);
    }
  }
  return changes.toAnalysis();
}

/** Whether a statement may write to more than the rows of `model`. */
function isMixed(schema: Schema, model: Model, { joins }: SqlMutation, { targets }: SqlStatement): boolean {
  if (model.isView || targets.length !== 1 || joinTablesCalled(schema, model.table).length > 0) return true;
  // MySQL updates and deletes from several tables at once.
  return joins && schema.provider === 'mysql';
}

/** Records what one mutation does to the rows of one model. */
class RowChanges {
  readonly #schema: Schema;
  readonly #cascades: Cascades;
  readonly #model: Model;
  readonly #mutation: SqlMutation;
  readonly #parameters: readonly unknown[];

  constructor(schema: Schema, cascades: Cascades, model: Model, mutation: SqlMutation, parameters: readonly unknown[]) {
    this.#schema = schema;
    this.#cascades = cascades;
    this.#model = model;
    this.#mutation = mutation;
    this.#parameters = parameters;
  }

  record(rows: readonly ReturnedRow[] | undefined): void {
    const { verb, returning } = this.#mutation;
    const known = returning !== undefined && rows !== undefined && rows.length > 0 && rows.length <= MOST_CHANGES;
    const returned = known ? rows : undefined;
    if (verb === 'insert') this.#insert(returned);
    else if (verb === 'update') this.#update(returned);
    else this.#delete(returned);
  }

  #insert(returned: readonly ReturnedRow[] | undefined): void {
    const { rows, upserts } = this.#mutation;
    const model = this.#model;
    if (returned !== undefined) {
      for (const row of returned) {
        this.#cascades.record({ model, op: 'create', after: this.#factsOf(row, uniqueColumns(model)) });
        if (upserts) this.#updatedRow(undefined, row);
      }
      return;
    }
    if (rows === undefined || rows.length > MOST_CHANGES) this.#cascades.record({ model, op: 'create' });
    else for (const row of rows) this.#cascades.record({ model, op: 'create', after: this.#literal('create', row) });
    if (upserts) this.#updatedRow(undefined, undefined);
  }

  #update(returned: readonly ReturnedRow[] | undefined): void {
    const key = this.#keyOfWhere();
    if (returned === undefined) this.#updatedRow(key, undefined);
    else for (const row of returned) this.#updatedRow(key, row);
  }

  /** @param row - As it was returned; `undefined`: whatever rows have `key`. */
  #updatedRow(key: Facts | undefined, row: ReturnedRow | undefined): void {
    const model = this.#model;
    const touched = fieldsCalled(model, this.#mutation.touched);
    const changing = this.#columnsOf(touched);
    const unchanged = row === undefined ? undefined : this.#factsOf(row, keyColumns(model));
    const implied = joinFacts(this.#literal('update', this.#mutation.set), factsWithout(key, changing));
    this.#cascades.record({
      model,
      op: 'update',
      before: joinFacts(key, factsWithout(unchanged, changing)),
      after: joinFacts(row === undefined ? undefined : this.#factsOf(row, uniqueColumns(model)), implied),
      touched,
    });
  }

  #delete(returned: readonly ReturnedRow[] | undefined): void {
    const model = this.#model;
    const key = this.#keyOfWhere();
    for (const row of returned ?? [undefined]) {
      const before = row === undefined ? key : joinFacts(key, this.#factsOf(row, keyColumns(model)));
      this.#cascades.record({ model, op: 'delete', before });
    }
  }

  /** What the conditions imply about the primary key of every row that is touched. */
  #keyOfWhere(): Facts | undefined {
    const { where, alias, joins } = this.#mutation;
    const values = new Map<string, unknown>();
    for (const { schema, qualifier, column, value } of where) {
      // Of two tables with one name, only the schema says which is meant.
      if (joins && (qualifier === undefined || schema !== undefined)) continue;
      if (qualifier !== undefined && qualifier !== alias) continue;
      const field = columnCalled(this.#model, column);
      if (field !== undefined && !values.has(field.name)) values.set(field.name, boundValue(value, this.#parameters));
    }
    return factsOf(keyColumns(this.#model), ({ name }) => values.get(name));
  }

  /**
   * What written values imply about the primary key of the row that gets them.
   *
   * About the key alone: a trigger may store another slug or address than the statement wrote, and without the catalogue such
   * triggers are unknown.
   */
  #literal(op: 'create' | 'update', values: ReadonlyMap<string, SqlValue>): Facts | undefined {
    // Outside of its strict mode MySQL stores other values than a statement writes: cut strings, clamped numbers.
    if (this.#schema.provider === 'mysql') return undefined;
    const byField = new Map<string, unknown>();
    for (const [column, value] of values) {
      const field = columnCalled(this.#model, column);
      if (field !== undefined) byField.set(field.name, boundValue(value, this.#parameters));
    }
    const facts = factsOf(keyColumns(this.#model), ({ name }) => byField.get(name));
    return factsWithout(facts, columnsSetByTriggers(this.#schema, this.#model, op));
  }

  #factsOf(row: ReturnedRow, columns: readonly ScalarField[]): Facts | undefined {
    const { returning = [] } = this.#mutation;
    return factsOf(columns, ({ column }) => {
      const place = returning.findIndex(
        (name) => name !== undefined && columnCalled(this.#model, name)?.column === column,
      );
      if (place < 0) return undefined;
      if (isList(row)) return row[place];
      // A name identifies a value only if no other column or expression has it.
      const certain = returning.every(
        (name, other) => name !== undefined && (other === place || !isCalled(column, name)),
      );
      return certain ? row[column] : undefined;
    });
  }

  /** The columns that may get another value; those that the database derives, or triggers set, are among them. */
  #columnsOf(touched: ReadonlySet<string> | undefined): ReadonlySet<string> {
    const columns = new Set(columnsSetByTriggers(this.#schema, this.#model, 'update'));
    for (const field of this.#model.fields.values()) {
      if (field.kind !== 'scalar') continue;
      if (field.derived || touched === undefined || touched.has(field.name)) columns.add(field.column);
    }
    return columns;
  }
}

function isList(row: ReturnedRow): row is readonly unknown[] {
  return Array.isArray(row);
}
