import type { Field, Model, SchemaParts } from '@cachetastic/core/sql';
import type { RuntimeField, RuntimeModel } from './runtime-data-model.js';

/** The parts that the client's own model has: names and relations, but neither keys nor where links are stored. */
export function modelsOfRuntime(runtime: ReadonlyMap<string, RuntimeModel>): SchemaParts {
  const models = new Map<string, Model>();
  const joinTables = new Map<string, readonly string[]>();
  for (const [name, model] of runtime) {
    const fields = new Map(model.fields.map((field) => [field.name, fieldOf(field)]));
    models.set(name, {
      name,
      table: model.dbName ?? name,
      isView: false,
      fields,
      id: undefined,
      uniques: [],
    });
    for (const field of fields.values()) {
      // Which relations have a table of their own is unknown: each of them may.
      if (field.kind === 'relation') joinTables.set(field.joinTable, [name, field.target].toSorted());
    }
  }
  return { models, references: undefined, joinTables };
}

function fieldOf(field: RuntimeField): Field {
  if (field.kind !== 'object' || field.relationName === undefined) {
    return {
      kind: 'scalar',
      name: field.name,
      column: field.dbName ?? field.name,
      comparable: undefined,
      derived: true,
    };
  }
  return {
    kind: 'relation',
    name: field.name,
    target: field.type,
    link: 'unknown',
    isList: true,
    isOneToOne: false,
    foreignKey: undefined,
    joinTable: `_${field.relationName}`,
  };
}
