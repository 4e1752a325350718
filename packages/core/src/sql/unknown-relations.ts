import { columnCalled, isCalled, joinTablesCalled, modelsCalled } from '../schema/names.js';
import type { Schema } from '../schema/schema.js';
import type { SqlColumn, SqlRelations } from './statement/relations.js';

/** What databases keep about themselves, and what only one session sees: it changes without us. */
const FOREIGN_SCHEMAS =
  /^(pg_catalog|pg_temp|pg_temp_\d+|pg_toast|information_schema|mysql|performance_schema|sys|temp|crdb_internal)$/;

/** Columns that every table of PostgreSQL has. */
const SYSTEM_COLUMNS = /^(ctid|xmin|xmax|cmin|cmax|tableoid|oid)$/;

/** Why what stands in `from` may not be all that is read, if it may not. */
export function unknownIn(schema: Schema, from: SqlRelations): string | undefined {
  if (from.unknown !== undefined) return from.unknown;
  for (const { name, schema: own, expression } of from.relations) {
    if (own !== undefined && FOREIGN_SCHEMAS.test(own)) return `the system table ${own}.${name} is never cached`;
    if (!expression && !isKnown(schema, name)) return `unknown table ${name}`;
  }
  // On PostgreSQL a function of a row may be written like a column of its.
  if (schema.provider === 'mysql' || schema.provider === 'sqlite') return undefined;
  const owners = new Owners(schema, from);
  const unknown = from.columns.find((column) => !owners.certainlyHave(column));
  return unknown && `unknown column ${unknown.qualifier ?? '(…)'}.${unknown.column}`;
}

function isKnown(schema: Schema, name: string): boolean {
  return modelsCalled(schema, name).length > 0 || joinTablesCalled(schema, name).length > 0;
}

/** What columns may belong to: relations by what the query calls them. */
class Owners {
  readonly #schema: Schema;
  readonly #derived: ReadonlySet<string>;
  readonly #byAlias = new Map<string | undefined, { opaque: boolean; readonly names: Set<string> }>();

  constructor(schema: Schema, { relations, derived }: SqlRelations) {
    this.#schema = schema;
    this.#derived = derived;
    for (const { alias, name, expression, renames } of relations) {
      // What belongs to no name may belong to each of them.
      for (const called of [alias, undefined]) {
        const owners = this.#byAlias.get(called) ?? { opaque: false, names: new Set() };
        this.#byAlias.set(called, owners);
        owners.names.add(name);
        owners.opaque ||= expression || renames;
      }
    }
  }

  /** Whether `column` certainly is no function, or belongs to something whose columns are not known. */
  certainlyHave({ qualifier, column }: SqlColumn): boolean {
    if (SYSTEM_COLUMNS.test(column)) return true;
    if (qualifier !== undefined && this.#derived.has(qualifier)) return true;
    const owners = this.#byAlias.get(qualifier);
    if (owners === undefined) return qualifier !== undefined;
    return owners.opaque || [...owners.names].some((name) => this.#mayHave(name, column));
  }

  #mayHave(name: string, column: string): boolean {
    const { joinColumns = [] } = this.#schema;
    if (joinTablesCalled(this.#schema, name).length > 0 && joinColumns.some((own) => isCalled(own, column)))
      return true;
    return modelsCalled(this.#schema, name).some(
      (model) => model.fields.size === 0 || columnCalled(model, column) !== undefined,
    );
  }
}
