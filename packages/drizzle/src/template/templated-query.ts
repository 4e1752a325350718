import type { BuiltQuery } from '../drizzle/database.js';

/** A query that was written by a template: what Drizzle would have built. */
export class TemplatedQuery implements BuiltQuery {
  readonly sql: string;
  readonly params: readonly unknown[];
  declare readonly typings?: BuiltQuery['typings'];
  // Not among the properties, which callers get to see.
  readonly #template: object | undefined;

  /** @param template - One object for all that are written alike, if their rows are read alike as well. */
  constructor({ sql, params, typings }: BuiltQuery, template: object | undefined) {
    this.sql = sql;
    this.params = params;
    if (typings !== undefined) this.typings = typings;
    this.#template = template;
  }

  static templateOf(query: BuiltQuery): object | undefined {
    return query instanceof TemplatedQuery ? query.#template : undefined;
  }
}
