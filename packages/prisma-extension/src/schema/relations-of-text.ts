import type { ForeignKey, Reference, ReferentialAction, RelationField } from '@cachetastic/core/sql';
import { textOf, value, wordsOf } from './attributes.js';
import { SchemaTextError, type TextField, type TextModel } from './schema-text.js';

type Models = ReadonlyMap<string, TextModel>;

/** The relation that `field` of `model` is one side of. */
export function relationOf(model: TextModel, field: TextField, models: Models): RelationField {
  const other = otherSide(model, field, models);
  const foreignKey = foreignKeyOf(field);
  const otherKey = other === undefined ? undefined : foreignKeyOf(other);
  const link = foreignKey !== undefined ? 'here' : otherKey !== undefined ? 'there' : 'table';
  if (link === 'table' && !(field.isList && other?.isList === true)) {
    throw new SchemaTextError(`${model.name}.${field.name} has no fields to store its relation`);
  }
  return {
    kind: 'relation',
    name: field.name,
    target: field.type,
    link: field.isList && other?.isList === true && link !== 'table' ? 'unknown' : link,
    isList: field.isList,
    isOneToOne: !field.isList && other?.isList !== true,
    foreignKey: foreignKey ?? otherKey,
    joinTable: `_${relationName(model.name, field)}`,
  };
}

/** Every foreign key of `models`, those of ignored models and fields too. */
export function referencesOf(models: Models): readonly Reference[] {
  const references: Reference[] = [];
  for (const model of models.values()) {
    for (const field of model.fields) {
      const foreignKey = models.has(field.type) ? foreignKeyOf(field) : undefined;
      if (foreignKey === undefined) continue;
      references.push({
        child: model.name,
        parent: field.type,
        foreignKey,
        onDelete: actionOf(field, 'onDelete') ?? (field.isOptional ? 'SetNull' : 'Restrict'),
        onUpdate: actionOf(field, 'onUpdate') ?? 'Cascade',
      });
    }
  }
  return references;
}

/** The tables of implicit many-to-many relations, with the models at their ends. */
export function joinTablesOf(models: Models): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, readonly string[]>();
  for (const model of models.values()) {
    for (const field of model.fields) {
      if (!models.has(field.type)) continue;
      const relation = relationOf(model, field, models);
      if (relation.link === 'table') tables.set(relation.joinTable, [model.name, relation.target].toSorted());
    }
  }
  return tables;
}

const ACTIONS: ReadonlySet<string> = new Set(['Cascade', 'SetNull', 'SetDefault', 'Restrict', 'NoAction']);

function actionOf(field: TextField, event: 'onDelete' | 'onUpdate'): ReferentialAction | undefined {
  const action = textOf(value(field.attributes, 'relation', event));
  if (action === undefined) return undefined;
  if (isAction(action)) return action;
  throw new SchemaTextError(`${event}: ${action} is not a referential action`);
}

function isAction(name: string): name is ReferentialAction {
  return ACTIONS.has(name);
}

function foreignKeyOf(field: TextField): ForeignKey | undefined {
  const fields = wordsOf(value(field.attributes, 'relation', 'fields'));
  const references = wordsOf(value(field.attributes, 'relation', 'references'));
  if (fields === undefined || references === undefined || fields.length === 0) return undefined;
  return { fields, references };
}

/** As Prisma names it: by `@relation("…")`, or after both models in the order of the alphabet. */
function relationName(model: string, field: TextField): string {
  const named = textOf(value(field.attributes, 'relation', 'name', '0'));
  return named ?? (model < field.type ? `${model}To${field.type}` : `${field.type}To${model}`);
}

function otherSide(model: TextModel, field: TextField, models: Models): TextField | undefined {
  const name = relationName(model.name, field);
  return models
    .get(field.type)
    ?.fields.find((other) => other !== field && other.type === model.name && relationName(field.type, other) === name);
}
