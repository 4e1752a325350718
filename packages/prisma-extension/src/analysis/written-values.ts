import type { Facts } from '@cachetastic/core';
import {
  columnsSetByTriggers,
  factsWithin,
  factsWithout,
  keyColumns,
  type Model,
  type Schema,
} from '@cachetastic/core/sql';
import { entriesOf, isArguments } from './arguments.js';
import { uniqueFactsOfRow } from './row-facts.js';

/**
 * What the literal values in `data` imply about the primary key of the rows that get them.
 *
 * About the key alone: a trigger may store another slug or address than the statement wrote, and without the catalogue such
 * triggers are unknown.
 */
export function literalFacts(schema: Schema, model: Model, op: 'create' | 'update', data: unknown): Facts | undefined {
  // Outside of its strict mode MySQL stores other values than a statement writes: cut strings, clamped numbers.
  if (schema.provider === 'mysql' || !isArguments(data)) return undefined;
  const values: Record<string, unknown> = {};
  for (const [key, value] of entriesOf(data, 'data')) {
    if (model.fields.get(key)?.kind === 'scalar') values[key] = assigned(value);
  }
  return factsWithout(returnedKeyFacts(model, values), columnsSetByTriggers(schema, model, op));
}

/**
 * What a row implies about its primary key, as far as a write of `touched` cannot have changed that.
 *
 * About the key alone: an undeclared trigger may have changed another column.
 */
export function untouchedKeyFacts(
  schema: Schema,
  model: Model,
  row: unknown,
  touched: ReadonlySet<string>,
): Facts | undefined {
  const changing = new Set(touched);
  for (const field of keyColumns(model)) if (field.derived) changing.add(field.name);
  return factsWithout(returnedKeyFacts(model, row), columnsChanged(schema, model, changing));
}

/** The columns that an update of `fields` may change, with those that triggers may set. */
export function columnsChanged(schema: Schema, model: Model, fields: Iterable<string>): ReadonlySet<string> {
  return new Set([...columnsNamed(model, fields), ...columnsSetByTriggers(schema, model, 'update')]);
}

function columnsNamed(model: Model, fields: Iterable<string>): ReadonlySet<string> {
  const columns = new Set<string>();
  for (const name of fields) {
    const field = model.fields.get(name);
    if (field?.kind === 'scalar') columns.add(field.column);
  }
  return columns;
}

/** What the returned `row` implies about the primary key. */
export function returnedKeyFacts(model: Model, row: unknown): Facts | undefined {
  return factsWithin(uniqueFactsOfRow(model, row), columnsNamed(model, model.id ?? []));
}

/** `x` in `x` and `{ set: x }`. Anything computed in the database is unknown. */
function assigned(value: unknown): unknown {
  if (!isArguments(value)) return value;
  return Object.keys(value).length === 1 ? value['set'] : undefined;
}
