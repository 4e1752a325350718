import type { BuiltQuery } from '../objects/database.js';

/** For each query that was written by a template, the template, if its rows are read as it tells. Callers see no trace of it. */
const templates = new WeakMap<BuiltQuery, object | undefined>();

/**
 * A query that was written by a template: what Drizzle would have built.
 *
 * @param template - One object for all that are written alike, if their rows are read alike as well.
 */
export function templated(query: BuiltQuery, template: object | undefined): BuiltQuery {
  templates.set(query, template);
  return query;
}

/** Whether a template wrote `query`. */
export function isTemplated(query: BuiltQuery): boolean {
  return templates.has(query);
}

/** One object for all queries whose rows are read as those of `query`. */
export function templateOf(query: BuiltQuery): object | undefined {
  return templates.get(query);
}
