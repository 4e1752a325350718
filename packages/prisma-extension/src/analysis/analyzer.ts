import type { Change } from '@cachetastic/core';
import type { Model, ParsedSql, ReadAnalysis, ReturnedRow, WriteAnalysis } from '@cachetastic/core/sql';

/** Raw SQL, from any of Prisma's raw methods. */
export interface RawSql {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly inTransaction?: boolean | undefined;
}

/** Derives from the schema what operations of a Prisma client read and change. It sends no query. */
export interface Analyzer {
  /** Takes over what is known of the database now. */
  refresh(): void;
  /** `model` is Prisma's name, `args` what the query hook received, without our own options. */
  read(model: string, operation: string, args: unknown): ReadAnalysis;
  /** @param result - What the operation returned, or `undefined` when it rejected or the answer is not to be trusted. */
  write(model: string, operation: string, args: unknown, result: unknown): WriteAnalysis;
  /** Whether JavaScript and the database agree on which row the `where` of `args` names. */
  comparesExactly(model: string, args: unknown): boolean;
  parse(sql: string): ParsedSql;
  /** The model whose options hold for the raw query `sql`. */
  mainModel(sql: string): Model | undefined;
  /**
   * What the raw query `sql` depends on: the tables that it names, and the models that were declared in addition.
   *
   * @param declared - Names of models; `undefined`: none were declared.
   * @throws InvalidOptionError for a model that the schema lacks.
   */
  readRaw(sql: RawSql, option: string, declared: readonly string[] | undefined): ReadAnalysis;
  /** What the statements of `sql` change. @param rows - All that they returned; `undefined`: unknown. */
  writeRaw(sql: RawSql, rows: readonly ReturnedRow[] | undefined): WriteAnalysis;
  /** Whether the schema has the table of this name, in lower case. */
  hasTable(table: string): boolean;
  /** The changes that invalidate whole models. @throws InvalidOptionError for a model that the schema lacks. */
  whole(option: string, models: readonly string[]): readonly Change[];
}
