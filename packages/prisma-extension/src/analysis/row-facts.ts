import type { Facts } from '@cachetastic/core';
import {
  factsOf as factsOfColumns,
  keyColumns,
  type Model,
  type ScalarField,
  uniqueColumns,
} from '@cachetastic/core/sql';
import { type Arguments, entriesOf, isArguments } from './arguments.js';

/** What the conditions at the top of `where` imply about the unique columns of every row that matches. */
export function uniqueFactsOf(model: Model, where: unknown): Facts | undefined {
  return factsOf(conditionsOf(model, where), uniqueColumns(model), equalTo);
}

/** What they imply about the primary key alone. */
export function keyFactsOfWhere(model: Model, where: unknown): Facts | undefined {
  return factsOf(conditionsOf(model, where), keyColumns(model), equalTo);
}

/** The primary key of a returned row, as facts; `undefined` if the row lacks any part of it. */
export function keyFactsOf(model: Model, row: unknown): Facts | undefined {
  const columns = keyColumns(model);
  const facts = isArguments(row) ? factsOf(row, columns, (value) => value) : undefined;
  return facts !== undefined && Object.keys(facts).length === columns.length ? facts : undefined;
}

/** What a row, returned or to be stored, implies about the unique columns. */
export function uniqueFactsOfRow(model: Model, row: unknown): Facts | undefined {
  return isArguments(row) ? factsOf(row, uniqueColumns(model), (value) => value) : undefined;
}

/** The equalities that all must hold: the top level, `AND`, and compound keys (`a_b: { a, b }`). */
function conditionsOf(model: Model, where: unknown): Arguments {
  const conditions: Record<string, unknown> = Object.create(null);
  collect(where);
  return conditions;

  function collect(part: unknown): void {
    if (Array.isArray(part)) {
      for (const one of part) collect(one);
      return;
    }
    if (!isArguments(part)) return;
    for (const [key, value] of entriesOf(part, 'where')) {
      const field = model.fields.get(key);
      // The first of two conditions on a column is as good as the second: both hold.
      if (field?.kind === 'scalar') {
        if (equalTo(conditions[key]) === undefined) conditions[key] = value;
      } else if (field === undefined && key !== 'OR' && key !== 'NOT') collect(value);
    }
  }
}

/** `x` in `x`, `{ equals: x }`. Lists of operators and everything else are no equality. */
function equalTo(condition: unknown): unknown {
  if (!isArguments(condition)) return condition;
  // A filter `{ equals, mode }` compares in another way than the column does.
  return Object.keys(condition).length === 1 ? condition['equals'] : undefined;
}

function factsOf(
  values: Arguments,
  columns: readonly ScalarField[],
  pick: (input: unknown) => unknown,
): Facts | undefined {
  return factsOfColumns(columns, (column) => pick(values[column.name]));
}
