import type { Field, Model, ScalarField, SchemaParts } from '@cachetastic/core/sql';
import { attribute, callOf, textOf, value, wordsOf } from './attributes.js';
import { comparableKindOf } from './comparable-kind.js';
import { joinTablesOf, referencesOf, relationOf } from './relations-of-text.js';
import type { ClientInternals, RuntimeField, RuntimeModel } from './runtime-data-model.js';
import { SchemaTextError, type TextField, type TextModel, type TextSchema } from './schema-text.js';

/**
 * Joins the source of a schema with the client's own model, which decides what exists.
 *
 * @throws {@link SchemaTextError} where the two do not fit.
 */
export function modelsOfText(
  text: TextSchema,
  { models: runtime = new Map(), provider }: Pick<ClientInternals, 'models' | 'provider'>,
): SchemaParts {
  const byName = new Map(text.models.map((model) => [model.name, model]));
  for (const name of runtime.keys()) {
    if (!byName.has(name)) throw new SchemaTextError(`the text has no model ${name}`);
  }
  const models = new Map<string, Model>();
  for (const model of text.models) {
    const fields = new Map(model.fields.map((field) => [field.name, fieldOf(model, field, byName, provider)]));
    models.set(model.name, modelOf(model, fields, runtime.get(model.name)));
  }
  const references = referencesOf(byName);
  return { models, references, joinTables: joinTablesOf(byName) };
}

function fieldOf(
  model: TextModel,
  field: TextField,
  byName: ReadonlyMap<string, TextModel>,
  provider: string | undefined,
): Field {
  return byName.has(field.type) ? relationOf(model, field, byName) : scalarOf(field, provider);
}

function modelOf(model: TextModel, fields: ReadonlyMap<string, Field>, runtime: RuntimeModel | undefined): Model {
  if (runtime !== undefined) for (const field of runtime.fields) mustFit(model, field, fields.get(field.name));

  const mapped = textOf(value(model.attributes, 'map', 'name', '0'));
  const own = model.fields.find((field) => attribute(field.attributes, 'id') !== undefined);
  const id = own === undefined ? wordsOf(value(model.attributes, 'id', 'fields', '0')) : [own.name];
  return {
    name: model.name,
    table: mapped ?? model.name,
    isView: model.isView,
    fields,
    id,
    uniques: [...(id === undefined ? [] : [id]), ...uniquesOf(model)],
  };
}

function mustFit(model: TextModel, runtime: RuntimeField, field: Field | undefined): void {
  const fits =
    field?.kind === 'relation'
      ? runtime.kind === 'object' && field.target === runtime.type && field.joinTable === `_${runtime.relationName}`
      : field !== undefined && runtime.relationName === undefined && field.column === (runtime.dbName ?? runtime.name);
  if (!fits) throw new SchemaTextError(`the text has another field ${model.name}.${runtime.name} than the client`);
}

function uniquesOf(model: TextModel): readonly (readonly string[])[] {
  const single = model.fields.filter((field) => attribute(field.attributes, 'unique') !== undefined);
  const compound = model.attributes
    .filter(({ name }) => name === 'unique')
    .map(({ values }) => wordsOf(values.get('fields') ?? values.get('0')))
    .filter((fields) => fields !== undefined);
  return [...single.map((field) => [field.name]), ...compound];
}

function scalarOf(field: TextField, provider: string | undefined): ScalarField {
  return {
    kind: 'scalar',
    name: field.name,
    column: textOf(value(field.attributes, 'map', 'name', '0')) ?? field.name,
    comparable: field.isList ? undefined : comparableKindOf(field, provider),
    derived: isDerived(field),
  };
}

/** A generated column looks like a default in the schema. A call without arguments cannot depend on other columns. */
function isDerived({ attributes }: TextField): boolean {
  if (attribute(attributes, 'updatedAt') !== undefined) return true;
  const call = callOf(value(attributes, 'default', 'value', '0'));
  if (call?.name !== 'dbgenerated') return false;
  const expression = textOf(call.values.get('0') ?? call.values.get('value'));
  return expression === undefined || !/^\s*[\w."]+\(\s*\)\s*$/.test(expression);
}
