import type { Model, ScalarField, Schema } from './schema.js';

/** Whether the SQL identifier `written` may refer to `name`. Case is ignored, because databases differ in whether it matters. */
export function isCalled(name: string, written: string): boolean {
  return name.toLowerCase() === written.toLowerCase();
}

/** The models of the schema in code whose table may be meant by `written`, in any schema of the database. */
export function modelsCalled(schema: Schema, written: string): readonly Model[] {
  let byTable = TABLES.get(schema);
  if (byTable === undefined) {
    byTable = new Map();
    for (const model of schema.models.values()) {
      if (model.onlyInCatalogue) continue;
      const name = model.table.toLowerCase();
      byTable.set(name, [...(byTable.get(name) ?? []), model]);
    }
    TABLES.set(schema, byTable);
  }
  return byTable.get(written.toLowerCase()) ?? [];
}

// Asked for at every load, and the same as long as the schema lives.
const TABLES = new WeakMap<Schema, Map<string, readonly Model[]>>();

/** The join tables that may be meant by `written`, in any schema of the database. */
export function joinTablesCalled(schema: Schema, written: string): readonly string[] {
  return [...schema.joinTables.keys()].filter((table) => isCalled(table, written));
}

/** The column that `written` means for certain. */
export function columnCalled(model: Model, written: string): ScalarField | undefined {
  const columns = [...model.fields.values()].filter(
    (field) => field.kind === 'scalar' && isCalled(field.column, written),
  ) as readonly ScalarField[];
  return columns.length === 1 ? columns[0] : columns.find(({ column }) => column === written);
}

/** The names of the fields of `columns`; `undefined` if one of them is unknown, so that any may be meant. */
export function fieldsCalled(model: Model, columns: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (columns === undefined) return undefined;
  const fields = new Set<string>();
  for (const written of columns) {
    const found = [...model.fields.values()].filter(
      (field) => field.kind === 'scalar' && isCalled(field.column, written),
    );
    if (found.length === 0) return undefined;
    for (const { name } of found) fields.add(name);
  }
  return fields;
}
