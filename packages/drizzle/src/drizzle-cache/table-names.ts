import { type Change, InvalidOptionError } from '@cachetastic/core';
import { definitionOf, isTable } from '../objects/entities.js';
import { modelName } from '../schema/table-model.js';
import type { CacheMutation } from './cache-contract.js';

/** The changes that Drizzle tells of after a write. @throws {@link InvalidOptionError} for what is no table or tag. */
export function changesOf(option: string, { tables, tags }: CacheMutation): readonly Change[] {
  const models = listOf(tables).map((table): Change => ({ kind: 'model', model: nameOf(option, table), op: 'any' }));
  return [...models, ...listOf(tags).map((tag): Change => ({ kind: 'tag', tag: textOf(`${option}.tags`, tag) }))];
}

/**
 * As {@link changesOf} for what people name: `users` is then the table of that name in every schema, as in Drizzle's
 * examples, where nobody writes the schema.
 */
export function changesNamed(option: string, mutation: CacheMutation): readonly Change[] {
  const bare = listOf(mutation.tables).filter((table) => typeof table === 'string' && !table.includes('.'));
  const inSchemas = bare.map((table): Change => ({ kind: 'tag', tag: labelOf(String(table)) }));
  return [...changesOf(option, mutation), ...inSchemas];
}

/** The labels of entries that depend on `tables`: by them, a table in a schema is found without its schema. */
export function labelsOf(tables: readonly string[]): readonly string[] {
  return tables.filter((table) => table.includes('.')).map((table) => labelOf(table.slice(table.indexOf('.') + 1)));
}

/** No tag of an application's begins like this. */
function labelOf(table: string): string {
  return `\0table ${table}`;
}

function nameOf(option: string, table: unknown): string {
  return isTable(table) ? modelName(definitionOf(table)) : textOf(`${option}.tables`, table);
}

function textOf(option: string, given: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  throw new InvalidOptionError(option, given, 'a text that is not empty, or a table of Drizzle');
}

function listOf(given: unknown): readonly unknown[] {
  if (given === undefined || given === null) return [];
  return Array.isArray(given) ? given : [given];
}
