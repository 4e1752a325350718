import type { Catalogue } from '../catalogue/catalogue.js';
import type { KnownFunctions } from '../catalogue/known-functions.js';
import { joinCatalogue } from '../joined-schema/joined-schema.js';
import type { DeclaredModels } from '../schema/declarations.js';
import type { Schema } from '../schema/schema.js';
import type { CacheEvents } from '../telemetry/events.js';

/** What a {@link SchemaObserver} works with. */
export interface SchemaObserverParts {
  /** The catalogue, as it was read last; `undefined` if it is unknown. */
  readonly catalogue: () => Catalogue | undefined;
  /** What the functions that triggers call do. */
  readonly functions: KnownFunctions;
  /** The option that holds the declarations of the application. */
  readonly option: string;
  readonly events: CacheEvents;
}

/** Joins schemas in code with the catalogue of the database, and reports once what they lack. */
export class SchemaObserver {
  readonly #parts: SchemaObserverParts;
  readonly #reported = new Set<string>();
  #schemas: ReadonlySet<string> = new Set();

  constructor(parts: SchemaObserverParts) {
    this.#parts = parts;
  }

  /** The schemas of the database that triggers write to and foreign keys lead to, as far as they are known. */
  get schemas(): Iterable<string> {
    return this.#schemas;
  }

  /**
   * `schema`, joined with the catalogue as it is now. Valid as long as the version of the functions stays the same.
   *
   * @param declared - What the application declares of its models.
   */
  observe(schema: Schema, declared: DeclaredModels): Schema {
    const { functions, option, events } = this.#parts;
    const catalogue = this.#parts.catalogue();
    if (catalogue === undefined) return schema;
    const joined = joinCatalogue(schema, catalogue, { functions, declared, option });
    this.#schemas = joined.schemas;
    // While definitions are being changed no function is trusted, and so no trigger that calls one.
    if (functions.isDoubted) return joined.schema;
    for (const finding of joined.findings) {
      const key = JSON.stringify([finding.table, finding.lacks]);
      if (this.#reported.has(key)) continue;
      this.#reported.add(key);
      events.emit({ type: 'schema-incomplete', ...finding });
    }
    return joined.schema;
  }
}
