import type { Model, Reference, ReferentialAction, ScalarField } from '@cachetastic/core/sql';
import { at, definitionOf, type Entity, isEntity, isTable, kindOf, type TableDefinition } from '../objects/entities.js';
import { comparableKindOf } from './comparable-kind.js';

export interface TableModel {
  readonly model: Model;
  readonly references: readonly Reference[];
}

/** The name of a column in the database, which the dialect may derive from the one in the code. */
export type ColumnName = (column: Entity) => string;

/** The name of the model of a table or view: its name, after its schema if it has one. */
export function modelName({ name, schema }: { readonly name: string; readonly schema: string | undefined }): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

/** A table under the name that it had in a query: an application may assign another. */
export interface NamedTable {
  readonly entity: Entity;
  /** The name of its model. */
  readonly name: string;
  /** Its name in the database, without its schema. */
  readonly table: string;
}

export type NamesOf = (table: Entity) => readonly string[];

/** Reads a table. @param namesOf - Returns the models of the tables that it references. */
export function modelOfTable(
  { entity, name, table }: NamedTable,
  columnName: ColumnName,
  namesOf: NamesOf,
): TableModel {
  const definition = definitionOf(entity);
  const fields = new Map<string, ScalarField>();
  for (const column of Object.values(definition.columns)) {
    const own = columnName(column);
    fields.set(own, {
      kind: 'scalar',
      name: own,
      column: own,
      comparable: comparableKindOf(column),
      derived: at(column, 'generated') !== undefined,
    });
  }
  const { id, uniques } = keysOf(definition, entity, columnName);
  return {
    model: { name, table, isView: false, fields, id, uniques },
    references: referencesOf(definition, entity, name, columnName, namesOf),
  };
}

interface Keys {
  readonly id: readonly string[] | undefined;
  readonly uniques: readonly (readonly string[])[];
}

function keysOf({ columns, extras }: TableDefinition, table: Entity, columnName: ColumnName): Keys {
  const all = Object.values(columns);
  const primary = all.filter((column) => column['primary'] === true).map(columnName);
  const keys: string[][] = primary.length === 0 ? [] : [primary];
  for (const column of all) if (column['isUnique'] === true) keys.push([columnName(column)]);
  let composite: string[] | undefined;
  for (const extra of extras) {
    const kind = kindOf(extra) ?? '';
    if (kind.endsWith('PrimaryKeyBuilder')) {
      composite = columnsOf(at(built(extra, table), 'columns'), columnName);
      if (composite !== undefined) keys.push(composite);
    } else if (kind.endsWith('UniqueConstraintBuilder')) {
      const unique = columnsOf(at(built(extra, table), 'columns'), columnName);
      if (unique !== undefined) keys.push(unique);
    } else if (kind.endsWith('IndexBuilder')) {
      const config = at(built(extra, table), 'config');
      // A partial index is unique for some rows only.
      const whole = at(config, 'unique') === true && at(config, 'where') === undefined;
      const unique = whole ? columnsOf(at(config, 'columns'), columnName) : undefined;
      if (unique !== undefined) keys.push(unique);
    }
  }
  return { id: composite ?? (primary.length === 0 ? undefined : primary), uniques: keys };
}

function referencesOf(
  { inlineForeignKeys, extras }: TableDefinition,
  table: Entity,
  child: string,
  columnName: ColumnName,
  namesOf: NamesOf,
): readonly Reference[] {
  const composite = extras
    .filter((extra) => kindOf(extra)?.endsWith('ForeignKeyBuilder'))
    .map((extra) => built(extra, table));
  return [...inlineForeignKeys, ...composite].flatMap((key): readonly Reference[] => {
    const refer = at(key, 'reference');
    const reference: unknown = typeof refer === 'function' ? refer.call(key) : undefined;
    const fields = columnsOf(at(reference, 'columns'), columnName);
    const foreign = columnsOf(at(reference, 'foreignColumns'), columnName);
    const parent = at(reference, 'foreignTable') ?? at(reference, 'foreignColumns', 0, 'table');
    if (fields === undefined || foreign === undefined || !isTable(parent)) return [];
    const names = namesOf(parent);
    return (names.length === 0 ? [modelName(definitionOf(parent))] : names).map((name) => ({
      child,
      parent: name,
      foreignKey: { fields, references: foreign },
      onDelete: actionOf(at(key, 'onDelete')),
      onUpdate: actionOf(at(key, 'onUpdate')),
    }));
  });
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  cascade: 'Cascade',
  'set null': 'SetNull',
  'set default': 'SetDefault',
  restrict: 'Restrict',
  'no action': 'NoAction',
};

/** An unknown action may change rows. */
function actionOf(action: unknown): ReferentialAction {
  if (action === undefined) return 'NoAction';
  return ACTIONS[String(action).toLowerCase()] ?? 'Cascade';
}

function built(extra: unknown, table: Entity): unknown {
  const build = at(extra, 'build');
  return typeof build === 'function' ? build.call(extra, table) : undefined;
}

/** The names of `columns`; `undefined` if one of them is an expression. */
function columnsOf(columns: unknown, columnName: ColumnName): string[] | undefined {
  if (!Array.isArray(columns) || columns.length === 0) return undefined;
  const names = columns.map((column: unknown) =>
    isEntity(column) && typeof column['name'] === 'string' ? columnName(column) : undefined,
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}
