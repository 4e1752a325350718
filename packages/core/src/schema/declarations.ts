import { InvalidOptionError } from '../errors.js';
import type { Model, Schema } from './schema.js';

/** What an application declares about a model because no schema shows it. */
export interface ModelDeclaration {
  /** For a view: the models and join tables that it reads. A view without it is never cached. */
  readonly dependsOn?: readonly string[] | undefined;
  /**
   * For a table with triggers: the models and join tables that the triggers change. An empty array: only the row itself.
   *
   * What is changed along with those, by foreign keys and triggers of theirs, is added.
   */
  readonly triggers?: readonly string[] | undefined;
}

/** What an adapter calls models in its options and errors. */
export interface ModelWords {
  /** The option that holds the declarations. */
  readonly option: string;
  readonly one: string;
  readonly names: string;
}

/** Declarations by model name; `false`: never cached. Other properties are the adapter's business. */
export type DeclaredModels = Readonly<Record<string, ModelDeclaration | false | undefined>>;

/** The tables that the names in a declaration stand for. */
export interface DeclaredTables {
  readonly models: readonly Model[];
  /**
   * Tables without a model: those of implicit relations that were named, or have one of `models` at an end, and those in
   * which rows show as well.
   */
  readonly joinTables: readonly string[];
}

const NO_TABLES: DeclaredTables = { models: [], joinTables: [] };

/** The declarations, checked against the schema. */
export class Declarations {
  readonly #schema: Schema;
  readonly #words: ModelWords;
  /** By the name of a model or of a join table. */
  readonly #byModel = new Map<string, ModelDeclaration>();
  readonly #excluded = new Set<string>();

  /** @throws {@link InvalidOptionError} for a model that the schema lacks. */
  constructor(schema: Schema, declared: DeclaredModels, words: ModelWords) {
    this.#schema = schema;
    this.#words = words;
    for (const [name, declaration] of Object.entries(declared)) {
      if (declaration === false) this.#excluded.add(name);
      if (declaration === undefined || declaration === false) continue;
      for (const [property, targets] of [
        ['dependsOn', declaration.dependsOn],
        ['triggers', declaration.triggers],
      ] as const) {
        if (targets === undefined) continue;
        const option = `${words.option}.${name}.${property}`;
        if (!schema.joinTables.has(name)) this.named(`${words.option}.${name}`, name);
        if (!Array.isArray(targets)) throw new InvalidOptionError(option, targets, `an array of ${words.names}`);
        this.tables(option, targets);
      }
      this.#byModel.set(name, declaration);
    }
  }

  /** Whether reads of `model` are never cached, also where another model's read includes or asks about it. */
  isExcluded(model: Model): boolean {
    return this.#excluded.has(model.name);
  }

  /** Why a read that reaches `model`, which is excluded, is not cached. */
  exclusionOf(model: Model): string {
    return `${this.#words.option}.${model.name} is false`;
  }

  /** What a read of `model` also depends on; `undefined` for a view without a declaration. */
  reads(model: Model): DeclaredTables | undefined {
    const declared = this.#byModel.get(model.name)?.dependsOn;
    if (declared !== undefined) return this.tables(this.#words.option, declared);
    if (model.isView) return undefined;
    // A partition changes with a write to the whole table, which does not name it.
    const { ancestors = [], sources = [] } = this.#schema.observed?.get(model.table.toLowerCase()) ?? {};
    const shown = [...ancestors, ...sources];
    return shown.length === 0 ? NO_TABLES : { models: [], joinTables: shown };
  }

  /** What triggers on `model` change; `undefined` if there are none. */
  triggered(model: Model): DeclaredTables | undefined {
    const declared = this.#byModel.get(model.name)?.triggers;
    if (declared !== undefined) return this.tables(this.#words.option, declared);
    if (!model.isView) return undefined;
    // Writing to a view writes to what it reads, through a rule or a trigger.
    const { models, joinTables } = this.#schema;
    return this.reads(model) ?? { models: [...models.values()], joinTables: [...joinTables.keys()] };
  }

  /** What triggers on the join table `table` change. */
  triggeredByLinks(table: string): DeclaredTables {
    return this.tables(this.#words.option, this.#byModel.get(table)?.triggers ?? []);
  }

  /**
   * The tables that `names` stand for: those of models, with every join table at one of their ends, and join tables.
   *
   * @throws {@link InvalidOptionError} for a name that the schema lacks.
   */
  tables(option: string, names: readonly unknown[]): DeclaredTables {
    if (names.length === 0) return NO_TABLES;
    const isJoinTable = (name: unknown): name is string =>
      typeof name === 'string' && this.#schema.joinTables.has(name);
    const links = new Set(names.filter(isJoinTable));
    const models = names.filter((name) => !isJoinTable(name)).map((name) => this.named(option, name));
    for (const [table, ends] of this.#schema.joinTables) {
      if (models.some(({ name }) => ends.includes(name))) links.add(table);
    }
    return { models, joinTables: [...links] };
  }

  /** The model called `name`, by the client's name for it or the table's. @throws {@link InvalidOptionError} if there is none. */
  named(option: string, name: unknown): Model {
    const { joinTables } = this.#schema;
    const models = [...this.#schema.models.values()].filter(({ onlyInCatalogue }) => !onlyInCatalogue);
    const found = models.find((model) => model.name === name) ?? models.find((model) => model.table === name);
    if (found !== undefined) return found;
    const links = joinTables.size === 0 ? '' : `, or a join table (${shown([...joinTables.keys()])})`;
    throw new InvalidOptionError(
      option,
      name,
      `${this.#words.one} of the schema (${shown(models.map((model) => model.name))})${links}`,
    );
  }
}

function shown(names: readonly string[]): string {
  return names.length > 20 ? `${names.slice(0, 20).join(', ')} …` : names.join(', ');
}
