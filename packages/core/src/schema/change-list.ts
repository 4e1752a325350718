import { type Change, EVERYTHING, type ModelChange } from '../match/change.js';
import type { Facts } from '../match/footprint.js';
import type { Reason } from '../telemetry/events.js';
import type { WriteAnalysis } from './analysis.js';
import type { Model, Schema } from './schema.js';

/**
 * How many changes one write reports beyond the first of each model: records travel to every process. More are reported model
 * by model. However many models cascades reach, one change of each is exact.
 */
export const MOST_CHANGES = 100;

/** Collects what one write changes, each thing once. */
export class ChangeList {
  readonly #changes = new Map<string, ModelChange>();
  readonly #wholeTables = new Set<string>();
  #everything = false;
  #widened: Reason | undefined;

  /** Some rows of `model`. What is unknown of them is left out. */
  add(model: Model, op: ModelChange['op'], before: Facts | undefined, after: Facts | undefined): void {
    if (op !== 'create' && op !== 'delete' && before === undefined && after === undefined) {
      this.whole(model.table);
      return;
    }
    const change: ModelChange = {
      kind: 'model',
      model: model.table,
      op,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    this.addChange(change);
  }

  /** Some rows, as `change` says. */
  addChange(change: ModelChange): void {
    this.#changes.set(JSON.stringify(change), change);
  }

  /** Everything that `other` collected. */
  include(other: ChangeList): void {
    for (const [key, change] of other.#changes) this.#changes.set(key, change);
    for (const table of other.#wholeTables) this.#wholeTables.add(table);
    this.#everything ||= other.#everything;
    if (other.#widened !== undefined) this.widen(other.#widened);
  }

  /** Removes and returns the changes of rows for which `belongs` is true. */
  takeRows(belongs: (change: ModelChange) => boolean): readonly ModelChange[] {
    const taken = [...this.#changes].filter(([, change]) => belongs(change));
    for (const [key] of taken) this.#changes.delete(key);
    return taken.map(([, change]) => change);
  }

  /** Any row of `table`, in any way. */
  whole(table: string): void {
    this.#wholeTables.add(table);
  }

  /** Everything in the namespace. */
  everything(reason: Reason): void {
    this.#everything = true;
    this.widen(reason);
  }

  /** Every table of `schema`. */
  wholeSchema(schema: Schema, reason: Reason): void {
    for (const model of schema.models.values()) this.whole(model.table);
    for (const table of schema.joinTables.keys()) this.whole(table);
    // Nothing is known of the tables: nothing may survive.
    if (schema.models.size === 0) this.#everything = true;
    this.widen(reason);
  }

  /** Keeps the first reason for invalidating more than was necessary. */
  widen(reason: Reason): void {
    this.#widened ??= reason;
  }

  /** Whether anything was added about `model`. */
  mentions(model: Model): boolean {
    return (
      this.#wholeTables.has(model.table) || [...this.#changes.values()].some((change) => change.model === model.table)
    );
  }

  toAnalysis(): WriteAnalysis {
    const changes = this.#everything ? [EVERYTHING] : this.#collapsed();
    return this.#widened === undefined ? { changes } : { changes, widened: this.#widened };
  }

  #collapsed(): readonly Change[] {
    const rows = [...this.#changes.values()].filter(({ model }) => !this.#wholeTables.has(model));
    const tooMany = rows.length - new Set(rows.map(({ model }) => model)).size > MOST_CHANGES;
    const tables = new Set(this.#wholeTables);
    if (tooMany) for (const { model } of rows) tables.add(model);
    const whole = [...tables].map((model): ModelChange => ({ kind: 'model', model, op: 'any' }));
    return tooMany ? whole : [...whole, ...rows];
  }
}
