import type { Facts } from './footprint.js';

/** What one mutation did to one model. Missing parts are unknown, and unknown is always "may". */
export interface ModelChange {
  readonly kind: 'model';
  /** The name every adapter of the namespace uses for it, in any case: ours use the table, without its schema. */
  readonly model: string;
  /** `any`: which of the three is unknown (an upsert, a trigger, raw SQL). */
  readonly op: 'create' | 'update' | 'delete' | 'any';
  /** What every touched row was before, as far as it is known. */
  readonly before?: Facts | undefined;
  /** What every touched row is afterwards, as far as it is known. */
  readonly after?: Facts | undefined;
}

/** Entries that carry the tag may be wrong. */
export interface TagChange {
  readonly kind: 'tag';
  readonly tag: string;
}

/** Anything may be wrong: raw SQL that could not be read, a lost or overflowing queue, `clear()`. */
export interface EverythingChange {
  readonly kind: 'everything';
}

/** What a mutation did, as the log carries it. */
export type Change = ModelChange | TagChange | EverythingChange;

/** The change that affects every entry of the namespace. */
export const EVERYTHING: EverythingChange = { kind: 'everything' };

/**
 * Identifies a model. Databases differ in whether case matters in names, and applications in how they write
 * the name of one table, so case does not distinguish models.
 */
export function modelKey(model: string): string {
  return model.toLowerCase();
}
