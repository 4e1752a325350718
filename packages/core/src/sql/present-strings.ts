import { columnCalled, modelsCalled } from '../schema/names.js';
import type { Schema } from '../schema/schema.js';
import type { ParsedStatement } from './parsed-sql.js';
import { meansPresent } from './statement/present.js';
import type { SqlColumn } from './statement/relations.js';
import type { SqlStringUse } from './statement/strings.js';
import { isWord } from './tokens/navigation.js';

/**
 * Whether the answer to `statement` may differ from call to call because a string in it means the present: `'now'`, or a
 * parameter that is `today`.
 *
 * A pattern is no time, and neither is what is compared with a column that certainly holds none.
 */
export function meansPresentIn(schema: Schema, statement: ParsedStatement, parameters: readonly unknown[]): boolean {
  // MySQL takes no such string for a time.
  if (schema.provider === 'mysql') return false;
  const present = new Set(parameters.flatMap((value, place) => (isPresent(value) ? [place] : [])));
  const used = new Set<number>();
  for (const use of statement.strings) {
    const { parameter } = use;
    if (parameter !== undefined) used.add(parameter);
    if (parameter !== undefined && !present.has(parameter)) continue;
    if (!use.isPattern && !isNoTime(schema, statement, use)) return true;
  }
  return [...present].some((place) => !used.has(place));
}

function isPresent(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isPresent) : typeof value === 'string' && meansPresent(value);
}

/** Whether the column that a string is compared with certainly holds no times. */
function isNoTime(schema: Schema, statement: ParsedStatement, { column }: SqlStringUse): boolean {
  if (column === undefined) return false;
  const { relations, derived } = statement.from;
  const owners = relations.filter(({ alias }) => column.qualifier === undefined || alias === column.qualifier);
  if (owners.length === 0 || owners.some(({ expression, renames }) => expression || renames)) return false;
  // Without a qualifier it may belong to a relation of another query, around this one or within.
  const certain = column.qualifier === undefined ? isOnlyRelation(statement) : !derived.has(column.qualifier);
  return certain && owners.every(({ name }) => holdsNoTime(schema, name, column));
}

function isOnlyRelation({ tokens, from }: ParsedStatement): boolean {
  const clauses = tokens.filter((token) => isWord(token, 'from') || isWord(token, 'join')).length;
  return clauses === 1 && from.relations.length === 1;
}

function holdsNoTime(schema: Schema, table: string, { column }: SqlColumn): boolean {
  const models = modelsCalled(schema, table);
  // Only of columns whose values compare in a certain way the kind is known.
  return models.length > 0 && models.every((model) => columnCalled(model, column)?.comparable !== undefined);
}
