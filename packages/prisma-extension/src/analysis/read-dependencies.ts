import type { Dependency } from '@cachetastic/core';
import type { Declarations, Model, RelationField, Schema } from '@cachetastic/core/sql';
import { NotAnalysableError } from './arguments.js';

/** Collects the tables that a read reaches. */
export class ReadDependencies {
  readonly #schema: Schema;
  readonly #declarations: Declarations;
  readonly #tables = new Set<string>();

  constructor(schema: Schema, declarations: Declarations) {
    this.#schema = schema;
    this.#declarations = declarations;
  }

  /**
   * The model called `name`, now depended on; `quietly` only looks it up.
   *
   * @throws {@link NotAnalysableError} for an unknown model, a view without a declaration, and one that is never cached.
   */
  reach(name: string): Model {
    const model = this.find(name);
    this.#add(model);
    return model;
  }

  /** The model called `name`. @throws {@link NotAnalysableError} if the schema lacks it. */
  find(name: string): Model {
    const model = this.#schema.models.get(name);
    if (model === undefined) throw new NotAnalysableError(`model ${name} is not in the schema`);
    return model;
  }

  /** The model at the other end of `relation`, now depended on together with the table that links them. */
  follow(relation: RelationField): Model {
    if (relation.link === 'table' || relation.link === 'unknown') this.#tables.add(relation.joinTable);
    return this.reach(relation.target);
  }

  /** What was reached, each at model level. */
  list(): readonly Dependency[] {
    return [...this.#tables].map((model) => ({ model }));
  }

  has(model: Model): boolean {
    return this.#tables.has(model.table);
  }

  #add(model: Model): void {
    if (this.#tables.has(model.table)) return;
    this.#tables.add(model.table);
    if (this.#declarations.isExcluded(model)) throw new NotAnalysableError(this.#declarations.exclusionOf(model));
    this.reachReads(model);
  }

  /** What `model` reads by its declaration, now depended on; not `model` itself. @throws as {@link reach} does. */
  reachReads(model: Model): void {
    const reads = this.#declarations.reads(model);
    if (reads === undefined) throw new NotAnalysableError(`view ${model.name} has no dependsOn`);
    for (const read of reads.models) this.#add(read);
    for (const table of reads.joinTables) this.#tables.add(table);
  }
}
