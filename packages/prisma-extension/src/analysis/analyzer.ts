import type { Change, Footprint, Reason } from '@cachetastic/core';

/** What a read depends on, or why it must not be cached. */
export type ReadAnalysis =
  | {
      readonly cacheable: true;
      readonly footprint: Footprint;
      /** The footprint once the answer is known: never more than `footprint`. */
      readonly narrow?: ((value: unknown) => Footprint) | undefined;
    }
  | { readonly cacheable: false; readonly reason: Reason };

/** What a write may have done. */
export interface WriteAnalysis {
  readonly changes: readonly Change[];
  /** Why more is invalidated than was necessary, where that is so. */
  readonly widened?: Reason | undefined;
}

/** Raw SQL: whether it only reads, and what it touches. */
export interface RawAnalysis {
  /** Certain: no data-modifying statement, locking clause or function call that may write. */
  readonly readOnly: boolean;
  /** Whether the answer may differ for the same text and values: `now()`, `random()`, session settings. */
  readonly volatile: boolean;
  /** The tables of the schema that it names, those that are only read too. */
  readonly named: readonly string[];
  readonly write: WriteAnalysis;
}

/** Answers, from the schema, what operations of a Prisma client read and change. Pure: it never touches the database. */
export interface Analyzer {
  /** `model` is Prisma's name, `args` what the query hook received, without our own options. */
  read(model: string, operation: string, args: unknown): ReadAnalysis;
  /** @param result - What the operation returned, or `undefined` when it rejected or the answer is not to be trusted. */
  write(model: string, operation: string, args: unknown, result: unknown): WriteAnalysis;
  raw(sql: string): RawAnalysis;
  /**
   * What the raw query `sql` depends on that declares its models: on those, and on what it names besides.
   *
   * @throws InvalidOptionError for a model that the schema lacks.
   */
  declared(option: string, models: readonly string[], sql: string): ReadAnalysis;
  /** The changes that invalidate whole models. @throws InvalidOptionError for a model that the schema lacks. */
  whole(option: string, models: readonly string[]): readonly Change[];
}
