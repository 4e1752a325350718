import { Cascades } from '../schema/cascades.js';
import type { ChangeList } from '../schema/change-list.js';
import type { Declarations } from '../schema/declarations.js';
import { fieldsCalled, joinTablesCalled, modelsCalled } from '../schema/names.js';
import type { Model, Schema } from '../schema/schema.js';
import type { SqlTarget } from './statement/statement.js';
import type { SqlToken } from './tokens/tokenizer.js';

/**
 * Records what a statement does to its targets, as a whole: to every row of theirs, with cascades and triggers.
 *
 * If a target is not a table of the schema, everything changes. Views and operators are assumed to have no side effects.
 */
export function recordStatement(
  schema: Schema,
  declarations: Declarations,
  changes: ChangeList,
  statement: readonly SqlToken[],
  targets: readonly SqlTarget[],
): void {
  const cascades = new Cascades(schema, declarations, changes);
  const written = targets.filter(({ verb }) => verb !== 'refresh' && verb !== 'define');
  for (const target of targets) if (!written.includes(target)) recordDefinition(schema, changes, target);
  for (const target of written) {
    const joinTables = joinTablesCalled(schema, target.name);
    const models = modelsCalled(schema, target.name);
    if (joinTables.length + models.length === 0) changes.everything(`raw-sql: the schema has no table ${target.name}`);
    for (const table of joinTables) cascades.recordLinks(table);
    for (const model of models) recordTarget(schema, cascades, changes, model, target, statement);
  }
  // MySQL updates several tables at once: whatever is named may be meant.
  if (schema.provider !== 'mysql' || targets.every(({ verb }) => verb !== 'update')) return;
  const named = new Set(statement.map(({ kind, text }) => (kind === 'string' ? '' : text.toLowerCase())));
  for (const model of schema.models.values()) {
    if (!named.has(model.table.toLowerCase())) continue;
    recordTarget(schema, cascades, changes, model, { name: model.table, verb: 'update' }, statement);
  }
  for (const table of schema.joinTables.keys()) {
    if (named.has(table.toLowerCase())) cascades.recordLinks(table);
  }
}

/** Records that tables and views called like `target` have other rows than before. Triggers and foreign keys do not act. */
function recordDefinition(schema: Schema, changes: ChangeList, { name, verb }: SqlTarget): void {
  const models = modelsCalled(schema, name);
  for (const { table } of models) changes.whole(table);
  const joinTables = joinTablesCalled(schema, name);
  for (const table of joinTables) changes.whole(table);
  // No cached result can depend on a new name. A view that the schema lacks may be read by views that it has.
  if (models.length + joinTables.length === 0 && verb === 'refresh')
    changes.everything(`raw-sql: the schema has no view ${name}`);
}

function recordTarget(
  schema: Schema,
  cascades: Cascades,
  changes: ChangeList,
  model: Model,
  target: SqlTarget,
  statement: readonly SqlToken[],
): void {
  const { verb } = target;
  switch (verb) {
    case 'insert':
      cascades.record({ model, op: 'create' });
      // `on conflict do update`, `on duplicate key update`: any column.
      if (statement.some(({ text }) => text === 'update')) cascades.record({ model, op: 'update' });
      break;
    case 'update':
      cascades.record({ model, op: 'update', touched: fieldsCalled(model, target.columns) });
      break;
    case 'truncate':
      cascades.record({ model, op: 'delete' });
      if (target.cascades === true) truncateReferencing(schema, changes, model);
      break;
    case 'delete':
    case 'merge':
    case 'replace':
      cascades.record({ model, op: 'delete' });
      if (verb === 'delete') break;
      cascades.record({ model, op: 'update' });
      cascades.record({ model, op: 'create' });
      break;
    case 'refresh':
    case 'define':
      break;
  }
}

/** `truncate … cascade` empties every table that references this one, whatever the foreign key says. */
function truncateReferencing(schema: Schema, changes: ChangeList, model: Model): void {
  if (schema.references === undefined) {
    changes.wholeSchema(schema, schema.degraded ?? 'raw-sql: truncate');
    return;
  }
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const visited = schema.models.get(name);
    if (visited !== undefined) changes.whole(visited.table);
    for (const [table, ends] of schema.joinTables) if (ends.includes(name)) changes.whole(table);
    for (const reference of schema.references ?? []) if (reference.parent === name) visit(reference.child);
  };
  visit(model.name);
}
