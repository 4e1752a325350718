import type { ModelChange } from '../match/change.js';
import type { Facts } from '../match/footprint.js';
import type { ChangeList } from './change-list.js';
import type { Declarations } from './declarations.js';
import type { Model, Reference, Schema } from './schema.js';

/** What can reach other tables when rows of one model change. */
export interface Referencing {
  readonly references: readonly Reference[];
  /** The join tables that have the model at an end. */
  readonly joinTables: readonly string[];
  /** The fields whose change may reach others. */
  readonly fields: ReadonlySet<string>;
  /** The columns that hold what others refer to. */
  readonly columns: ReadonlySet<string>;
}

/** What refers to `model`. */
export function referencingOf(schema: Schema, model: Model): Referencing {
  const byModel = REFERENCING.get(schema) ?? new Map<Model, Referencing>();
  REFERENCING.set(schema, byModel);
  const known = byModel.get(model) ?? findReferencing(schema, model);
  byModel.set(model, known);
  return known;
}

const REFERENCING = new WeakMap<Schema, Map<Model, Referencing>>();

function findReferencing(schema: Schema, model: Model): Referencing {
  const references = (schema.references ?? []).filter(({ parent }) => parent === model.name);
  const joinTables = [...schema.joinTables].filter(([, ends]) => ends.includes(model.name)).map(([table]) => table);
  const referenced = references.flatMap(({ foreignKey }) => foreignKey.references);
  const columns = referenced.flatMap((name) => {
    const field = model.fields.get(name);
    return field?.kind === 'scalar' ? [field.column] : [];
  });
  const fields = new Set([...referenced, ...(model.id ?? []), ...model.uniques.flat()]);
  return { references, joinTables, fields, columns: new Set(columns) };
}

/** What changes together with rows of one model, worked out once for all rows. */
export interface CascadeClosure {
  /** What is the same whichever rows they are. */
  readonly fixed: ChangeList;
  readonly linked: readonly LinkedChange[];
}

/** Changed rows of which something is known that follows from the first rows. */
export interface LinkedChange {
  readonly model: string;
  readonly op: ModelChange['op'];
  /** What is known: a column, and the one of the first rows that has the same value. */
  readonly values: readonly (readonly [column: string, from: string])[];
}

/** How many closures are kept of one schema. Each may name every table. */
const MOST_CLOSURES = 200;

/** The closures of one schema and what is declared of it: they end with it. */
export class CascadeClosures {
  readonly #known = new Map<string, CascadeClosure>();

  static of(schema: Schema, declarations: Declarations): CascadeClosures {
    const byDeclarations = CLOSURES.get(schema) ?? new WeakMap<Declarations, CascadeClosures>();
    CLOSURES.set(schema, byDeclarations);
    const known = byDeclarations.get(declarations) ?? new CascadeClosures();
    byDeclarations.set(declarations, known);
    return known;
  }

  /** @param workOut - What changes if each known value is the name of its column. */
  get(step: string, workOut: () => ChangeList): CascadeClosure {
    const known = this.#known.get(step);
    if (known !== undefined) return known;
    const fixed = workOut();
    const linked = fixed
      .takeRows(({ before }) => before !== undefined)
      .map(({ model, op, before = {} }): LinkedChange => ({ model, op, values: Object.entries(before) }));
    if (this.#known.size >= MOST_CLOSURES) this.#known.clear();
    this.#known.set(step, { fixed, linked });
    return { fixed, linked };
  }
}

const CLOSURES = new WeakMap<Schema, WeakMap<Declarations, CascadeClosures>>();

/** Facts that name themselves, to work out a closure with. */
export function namesOf(facts: Facts | undefined): Facts | undefined {
  return facts && Object.fromEntries(Object.keys(facts).map((column) => [column, column]));
}

/** What `linked` is when the first rows are what `facts` say. */
export function linkedTo(facts: Facts | undefined, { model, op, values }: LinkedChange): ModelChange {
  const before: Record<string, string> = {};
  for (const [column, from] of values) {
    const value = facts?.[from];
    if (value !== undefined) before[column] = value;
  }
  return { kind: 'model', model, op, before };
}
