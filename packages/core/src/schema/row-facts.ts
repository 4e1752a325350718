import { comparableBoolean, comparableInteger, comparableText, comparableUuid } from '../match/comparable.js';
import type { Facts } from '../match/footprint.js';
import type { ComparableKind, Model, RowOperation, ScalarField, Schema } from './schema.js';

const COMPARABLE: Readonly<Record<ComparableKind, (value: unknown) => string | undefined>> = {
  integer: comparableInteger,
  boolean: comparableBoolean,
  uuid: comparableUuid,
  text: comparableText,
};

/** What is known of `columns` when `valueIn` returns the value of a column, `undefined` if that is unknown. */
export function factsOf(columns: readonly ScalarField[], valueIn: (column: ScalarField) => unknown): Facts | undefined {
  const facts: Record<string, string> = {};
  for (const column of columns) {
    const { comparable } = column;
    const text = comparable === undefined ? undefined : COMPARABLE[comparable](valueIn(column));
    if (text !== undefined) facts[column.column] = text;
  }
  return orNothing(facts);
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

const NO_COLUMNS: ReadonlySet<string> = new Set();

/** The columns of `model` in which triggers may store something else than a write of `op` gives. */
export function columnsSetByTriggers(schema: Schema, model: Model, op: RowOperation): ReadonlySet<string> {
  const triggers = schema.observed?.get(model.table.toLowerCase())?.triggers.filter(({ ops }) => ops.has(op)) ?? [];
  if (triggers.length === 0) return NO_COLUMNS;
  const columns = new Set<string>();
  for (const field of model.fields.values()) {
    if (field.kind !== 'scalar') continue;
    const name = field.column.toLowerCase();
    if (triggers.some(({ sets }) => sets === 'any' || sets.has(name))) columns.add(field.column);
  }
  return columns;
}

function orNothing(facts: Facts): Facts | undefined {
  return Object.keys(facts).length === 0 ? undefined : facts;
}
