import type { Footprint } from '../match/footprint.js';

/** The models that are judged as a whole: any change of one affects every result that depends on it. */
export class WidenedModels {
  readonly #models = new Set<string>();

  /** Widens every model of `footprint`. @returns Those that were not before. */
  add({ dependencies }: Footprint): readonly string[] {
    const added = [...new Set(dependencies.map(({ model }) => model))].filter((model) => !this.#models.has(model));
    for (const model of added) this.#models.add(model);
    return added;
  }

  /** `footprint` without the rows of such models. */
  over(footprint: Footprint): Footprint {
    if (this.#models.size === 0 || !footprint.dependencies.some(({ model }) => this.#models.has(model))) {
      return footprint;
    }
    const dependencies = footprint.dependencies.map((narrow) =>
      this.#models.has(narrow.model) ? { model: narrow.model } : narrow,
    );
    return { ...footprint, dependencies };
  }
}
