import { type Change, InvalidOptionError } from '@cachetastic/core';
import { definitionOf, isTable } from '../objects/entities.js';
import { modelName } from '../schema/table-model.js';
import type { CacheMutation } from './cache-contract.js';

/** The changes of a write that Drizzle reports. @throws {@link InvalidOptionError} for a value that is no table or tag. */
export function changesOf(option: string, { tables, tags }: CacheMutation): readonly Change[] {
  const models = listOf(tables).map((table): Change => ({ kind: 'model', model: nameOf(option, table), op: 'any' }));
  return [...models, ...listOf(tags).map((tag): Change => ({ kind: 'tag', tag: stringOf(`${option}.tags`, tag) }))];
}

/**
 * As {@link changesOf}, for tables that the application names: `users` is then the table of that name in every schema, as in
 * Drizzle's examples, which omit the schema.
 */
export function changesNamed(option: string, mutation: CacheMutation): readonly Change[] {
  const bare = listOf(mutation.tables).filter((table) => typeof table === 'string' && !table.includes('.'));
  const inSchemas = bare.map((table): Change => ({ kind: 'tag', tag: labelOf(String(table)) }));
  return [...changesOf(option, mutation), ...inSchemas];
}

/** Tags for entries that depend on `tables`, by which a table is invalidated without the name of its schema. */
export function labelsOf(tables: readonly string[]): readonly string[] {
  return tables.filter((table) => table.includes('.')).map((table) => labelOf(table.slice(table.indexOf('.') + 1)));
}

/** Begins as no tag of an application does. */
function labelOf(table: string): string {
  return `\0table ${table}`;
}

function nameOf(option: string, table: unknown): string {
  return isTable(table) ? modelName(definitionOf(table)) : stringOf(`${option}.tables`, table);
}

function stringOf(option: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidOptionError(option, value, 'a non-empty string, or a Drizzle table');
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
