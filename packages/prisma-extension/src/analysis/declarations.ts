import { InvalidOptionError } from '@cachetastic/core';
import type { Model, Schema } from '../schema/schema.js';

/** What an application tells of a model because no schema does. */
export interface ModelDeclaration {
  /** For a view: the models that it reads. A view without it is never cached. */
  readonly dependsOn?: readonly string[] | undefined;
  /** For a table with triggers: the models that the triggers change. An empty list says they change only the row itself. */
  readonly triggers?: readonly string[] | undefined;
}

/** Options of the analysis, as the extension's options hold them. */
export interface AnalyzerOptions {
  /** By Prisma's model name. Other properties of a model's options are the extension's business. */
  readonly models?: Readonly<Record<string, ModelDeclaration | false | undefined>> | undefined;
}

/** The declarations, checked against the schema. */
export class Declarations {
  readonly #schema: Schema;
  readonly #byModel = new Map<string, ModelDeclaration>();
  readonly #excluded = new Set<string>();

  /** @throws {@link InvalidOptionError} for a model that the schema lacks. */
  constructor(schema: Schema, options: AnalyzerOptions) {
    this.#schema = schema;
    for (const [name, declaration] of Object.entries(options.models ?? {})) {
      if (declaration === false) this.#excluded.add(name);
      if (declaration === undefined || declaration === false) continue;
      for (const [property, targets] of [
        ['dependsOn', declaration.dependsOn],
        ['triggers', declaration.triggers],
      ] as const) {
        if (targets === undefined) continue;
        const option = `models.${name}.${property}`;
        modelNamed(schema, `models.${name}`, name);
        if (!Array.isArray(targets)) throw new InvalidOptionError(option, targets, 'a list of model names');
        for (const target of targets) modelNamed(schema, option, target);
      }
      this.#byModel.set(name, declaration);
    }
  }

  /** Whether reads of `model` are never cached, also where another model's read includes or asks about it. */
  isExcluded(model: Model): boolean {
    return this.#excluded.has(model.name);
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

  #models(names: readonly string[]): readonly Model[] {
    return names.map((name) => this.#schema.models.get(name)).filter((model) => model !== undefined);
  }
}

/** Why a read that reaches `model` is not cached. */
export function excluded(model: Model): string {
  return `models.${model.name} is false`;
}

/** The model called `name`, by Prisma's name for it or the table's. @throws {@link InvalidOptionError} if there is none. */
export function modelNamed(schema: Schema, option: string, name: unknown): Model {
  const found =
    typeof name === 'string'
      ? (schema.models.get(name) ?? [...schema.models.values()].find((model) => model.table === name))
      : undefined;
  if (found === undefined) {
    const known = [...schema.models.keys()];
    const shown = known.length > 20 ? `${known.slice(0, 20).join(', ')} …` : known.join(', ');
    throw new InvalidOptionError(option, name, `a model of the schema (${shown})`);
  }
  return found;
}
