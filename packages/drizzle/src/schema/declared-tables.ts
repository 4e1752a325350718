import {
  Declarations,
  type DeclaredModels,
  type Model,
  type ModelDeclaration,
  modelsCalled,
  type Schema,
} from '@cachetastic/core/sql';
import type { TableOptions } from '../options/options.js';

/** What declarations call a model, in errors. */
export const WORDS = { option: 'tables', one: 'a table', names: 'table names' };

export interface DeclaringOptions {
  readonly tables: Readonly<Record<string, TableOptions | false>>;
  readonly views: Readonly<Record<string, readonly string[]>>;
}

/** A model of which only the name is known. */
export function modelNamed(name: string): Model {
  return { name, table: name, isView: false, fields: new Map(), id: undefined, uniques: [] };
}

/**
 * Adds the names in the options that no known table has: views that no query has used, and tables if no schema was given.
 *
 * @param isComplete - Whether a schema was given.
 */
export function addDeclared(
  models: Map<string, Model>,
  { tables, views }: DeclaringOptions,
  isComplete: boolean,
): void {
  const has = (name: string): boolean =>
    [...models.values()].some((model) => model.name === name || model.table === name);
  for (const [view, reads] of Object.entries(views)) {
    if (!has(view)) models.set(view, { ...modelNamed(view), isView: true });
    for (const name of reads) if (!isComplete && !has(name)) models.set(name, modelNamed(name));
  }
  if (isComplete) return;
  for (const [name, options] of Object.entries(tables)) {
    const named = [name, ...((options === false ? undefined : options.triggers) ?? [])];
    for (const one of named) if (!has(one)) models.set(one, modelNamed(one));
  }
}

/** @throws {@link InvalidOptionError} for an option that names a table that `schema` lacks. */
export function checkNames(schema: Schema, { tables, views }: DeclaringOptions): void {
  const known = new Declarations(schema, {}, WORDS);
  for (const name of Object.keys(tables)) known.named(`tables.${name}`, name);
  for (const [view, reads] of Object.entries(views)) for (const name of reads) known.named(`views.${view}`, name);
}

/**
 * What is declared of the models of `schema`.
 *
 * @param viewReads - By view, the models that it reads by its definition; the option `views` goes before it.
 */
export function declaredModels(
  schema: Schema,
  { tables, views }: DeclaringOptions,
  viewReads: ReadonlyMap<string, () => readonly string[] | undefined>,
): DeclaredModels {
  const declared: Record<string, ModelDeclaration | false> = {};
  const namesOf = (name: string): readonly string[] => {
    if (schema.models.has(name)) return [name];
    const called = modelsCalled(schema, name).map((model) => model.name);
    return called.length === 0 ? [name] : called;
  };
  // The definition of a view that is excluded is not read: it may be one that cannot be.
  const setReads = (model: string, reads: () => readonly string[] | undefined): void => {
    if (declared[model] !== false) declared[model] = { ...declared[model], dependsOn: reads() };
  };
  for (const [name, options] of Object.entries(tables)) {
    const triggers = options === false ? undefined : options.triggers?.flatMap(namesOf);
    for (const model of namesOf(name)) declared[model] = options === false ? false : { triggers };
  }
  for (const [view, reads] of viewReads) setReads(view, reads);
  for (const [view, reads] of Object.entries(views)) {
    for (const model of namesOf(view)) setReads(model, () => reads.flatMap(namesOf));
  }
  return declared;
}
