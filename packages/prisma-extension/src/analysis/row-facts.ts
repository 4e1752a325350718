import { comparableBoolean, comparableInteger, comparableText, comparableUuid, type Facts } from '@cachetastic/core';
import type { ComparableKind, Model, ScalarField } from '../schema/schema.js';
import { type Arguments, entriesOf, isArguments } from './arguments.js';

const COMPARABLE: Readonly<Record<ComparableKind, (value: unknown) => string | undefined>> = {
  integer: comparableInteger,
  boolean: comparableBoolean,
  uuid: comparableUuid,
  text: comparableText,
};

/** What the conditions at the top of `where` say of the unique columns of every row that matches. */
export function uniqueFactsOf(model: Model, where: unknown): Facts | undefined {
  return factsOf(conditionsOf(model, where), uniqueColumns(model), equalTo);
}

/** What they say of the primary key alone. */
export function keyFactsOfWhere(model: Model, where: unknown): Facts | undefined {
  return factsOf(conditionsOf(model, where), keyColumns(model), equalTo);
}

/** What a returned row says of its primary key; `undefined` if it lacks any part of it. */
export function keyFactsOf(model: Model, row: unknown): Facts | undefined {
  const columns = keyColumns(model);
  const facts = isArguments(row) ? factsOf(row, columns, (value) => value) : undefined;
  return facts !== undefined && Object.keys(facts).length === columns.length ? facts : undefined;
}

/** What a row, as returned or as given to be stored, says of the unique columns. */
export function uniqueFactsOfRow(model: Model, row: unknown): Facts | undefined {
  return isArguments(row) ? factsOf(row, uniqueColumns(model), (value) => value) : undefined;
}

/** `facts` without what is known of `columns`. */
export function factsWithout(facts: Facts | undefined, columns: ReadonlySet<string>): Facts | undefined {
  if (facts === undefined) return undefined;
  return orNothing(Object.fromEntries(Object.entries(facts).filter(([column]) => !columns.has(column))));
}

/** `facts` of `columns` only. */
export function factsWithin(facts: Facts | undefined, columns: ReadonlySet<string>): Facts | undefined {
  if (facts === undefined) return undefined;
  return orNothing(Object.fromEntries(Object.entries(facts).filter(([column]) => columns.has(column))));
}

/** Both together; `first` wins. */
export function joinFacts(first: Facts | undefined, second: Facts | undefined): Facts | undefined {
  return first === undefined ? second : { ...second, ...first };
}

/** The columns of the primary key, those that cannot be compared too. */
export function keyColumns(model: Model): readonly ScalarField[] {
  return columnsOf(KEY_COLUMNS, model, () => model.id ?? []);
}

/** The columns of every unique key, the primary one among them. */
export function uniqueColumns(model: Model): readonly ScalarField[] {
  return columnsOf(UNIQUE_COLUMNS, model, () => new Set(model.uniques.flat()));
}

// Asked for at every read and write, and the same as long as the model lives.
type Columns = WeakMap<Model, readonly ScalarField[]>;
const KEY_COLUMNS: Columns = new WeakMap();
const UNIQUE_COLUMNS: Columns = new WeakMap();

function columnsOf(known: Columns, model: Model, names: () => Iterable<string>): readonly ScalarField[] {
  const found =
    known.get(model) ?? [...names()].map((name) => model.fields.get(name)).filter((field) => field?.kind === 'scalar');
  known.set(model, found);
  return found;
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
  pick: (given: unknown) => unknown,
): Facts | undefined {
  const facts: Record<string, string> = {};
  for (const field of columns) {
    const comparable =
      field.comparable === undefined ? undefined : COMPARABLE[field.comparable](pick(values[field.name]));
    if (comparable !== undefined) facts[field.column] = comparable;
  }
  return orNothing(facts);
}

function orNothing(facts: Facts): Facts | undefined {
  return Object.keys(facts).length === 0 ? undefined : facts;
}
