import type { BuiltQuery } from '../objects/database.js';

/** For each query that a template wrote: the template, if it also determines how rows are decoded. Kept apart from what callers see. */
const templates = new WeakMap<BuiltQuery, object | undefined>();

/**
 * Marks a query that a template wrote.
 *
 * @param template - The template, if rows of all its queries are decoded in the same way.
 */
export function templated(query: BuiltQuery, template: object | undefined): BuiltQuery {
  templates.set(query, template);
  return query;
}

/** Whether a template wrote `query`. */
export function isTemplated(query: BuiltQuery): boolean {
  return templates.has(query);
}

/** The same object for all queries whose rows are decoded like those of `query`; `undefined` if there is none. */
export function templateOf(query: BuiltQuery): object | undefined {
  return templates.get(query);
}
