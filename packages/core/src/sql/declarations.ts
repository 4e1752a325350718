import { InvalidOptionError } from '../errors.js';
import type { Model, Schema } from './schema.js';

/** What an application tells of a model because no schema does. */
export interface ModelDeclaration {
  /** For a view: the models that it reads. A view without it is never cached. */
  readonly dependsOn?: readonly string[] | undefined;
  /**
   * For a table with triggers: the models that the triggers change. An empty list says they change only the row itself.
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

const MODELS: ModelWords = { option: 'models', one: 'a model', names: 'model names' };

/** Declarations by model name; `false`: never cached. Other properties are the adapter's business. */
export type DeclaredModels = Readonly<Record<string, ModelDeclaration | false | undefined>>;

/** The declarations, checked against the schema. */
export class Declarations {
  readonly #schema: Schema;
  readonly #words: ModelWords;
  readonly #byModel = new Map<string, ModelDeclaration>();
  readonly #excluded = new Set<string>();

  /** @throws {@link InvalidOptionError} for a model that the schema lacks. */
  constructor(schema: Schema, declared: DeclaredModels, words: ModelWords = MODELS) {
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
        this.named(`${words.option}.${name}`, name);
        if (!Array.isArray(targets)) throw new InvalidOptionError(option, targets, `a list of ${words.names}`);
        for (const target of targets) this.named(option, target);
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

  /** The models that a read of `model` depends on besides itself; `undefined` if nobody says. */
  reads(model: Model): readonly Model[] | undefined {
    const declared = this.#byModel.get(model.name)?.dependsOn;
    if (declared === undefined) return model.isView ? undefined : [];
    return this.#models(declared);
  }

  /** The models that triggers on `model` change; `undefined` if there are none. */
  triggered(model: Model): readonly Model[] | undefined {
    const declared = this.#byModel.get(model.name)?.triggers;
    // Writing to a view writes to what it reads, through a rule or a trigger.
    if (declared === undefined)
      return model.isView ? (this.reads(model) ?? [...this.#schema.models.values()]) : undefined;
    return this.#models(declared);
  }

  /** The model called `name`, by the client's name for it or the table's. @throws {@link InvalidOptionError} if there is none. */
  named(option: string, name: unknown): Model {
    const { models } = this.#schema;
    const found =
      typeof name === 'string'
        ? (models.get(name) ?? [...models.values()].find((model) => model.table === name))
        : undefined;
    if (found !== undefined) return found;
    const known = [...models.keys()];
    const shown = known.length > 20 ? `${known.slice(0, 20).join(', ')} …` : known.join(', ');
    throw new InvalidOptionError(option, name, `${this.#words.one} of the schema (${shown})`);
  }

  #models(names: readonly string[]): readonly Model[] {
    return names.map((name) => this.named(this.#words.option, name));
  }
}
