import { columnCalled, modelsCalled } from './names.js';
import type { Schema } from './schema.js';
import type { SqlColumn, SqlRelation, SqlRelations } from './sql-relations.js';

/** What databases keep about themselves, and what only one session sees: it changes without us. */
const FOREIGN_SCHEMAS =
  /^(pg_catalog|pg_temp|pg_temp_\d+|pg_toast|information_schema|mysql|performance_schema|sys|temp|crdb_internal)$/;

/** Columns that every table of PostgreSQL has. */
const SYSTEM_COLUMNS = /^(ctid|xmin|xmax|cmin|cmax|tableoid|oid)$/;

/** Why what stands in `from` may not be all that is read, if it may not. */
export function unknownIn(schema: Schema, from: SqlRelations): string | undefined {
  if (from.unknown !== undefined) return from.unknown;
  for (const { name, schema: own, expression } of from.relations) {
    if (own !== undefined && FOREIGN_SCHEMAS.test(own)) return `${own}.${name} changes without notice`;
    if (!expression && modelsCalled(schema, name).length === 0) return `${name} is not a table that is known`;
  }
  // On PostgreSQL a function of a row may be written like a column of its.
  if (schema.provider === 'mysql' || schema.provider === 'sqlite') return undefined;
  const unknown = from.columns.find((column) => !isColumn(schema, from, column));
  return unknown && `${unknown.qualifier ?? '(…)'}.${unknown.column} is not a column that is known`;
}

/** Whether `column` certainly is no function, or belongs to something whose columns are not known. */
function isColumn(schema: Schema, { relations, derived }: SqlRelations, { qualifier, column }: SqlColumn): boolean {
  if (SYSTEM_COLUMNS.test(column)) return true;
  if (qualifier !== undefined && derived.has(qualifier)) return true;
  const owners = qualifier === undefined ? relations : relations.filter(({ alias }) => alias === qualifier);
  return (owners.length === 0 && qualifier !== undefined) || owners.some((owner) => mayHave(schema, owner, column));
}

function mayHave(schema: Schema, { name, expression, renames }: SqlRelation, column: string): boolean {
  if (expression || renames) return true;
  return modelsCalled(schema, name).some(
    (model) => model.fields.size === 0 || columnCalled(model, column) !== undefined,
  );
}
