import type { Change } from '@cachetastic/core';
import type { RawAnalysis, ReadAnalysis, SqlText, WriteAnalysis } from '@cachetastic/core/sql';

/** Answers, from the schema, what operations of a Prisma client read and change. Pure: it never touches the database. */
export interface Analyzer {
  /** `model` is Prisma's name, `args` what the query hook received, without our own options. */
  read(model: string, operation: string, args: unknown): ReadAnalysis;
  /** @param result - What the operation returned, or `undefined` when it rejected or the answer is not to be trusted. */
  write(model: string, operation: string, args: unknown, result: unknown): WriteAnalysis;
  /** Whether JavaScript and the database agree on which row the `where` of `args` names. */
  comparesExactly(model: string, args: unknown): boolean;
  /** @param values - Its parameters, among which strings may mean the present. @defaultValue none */
  raw(sql: string, values?: readonly unknown[]): RawAnalysis;
  /** `sql`, taken apart. */
  text(sql: string): SqlText;
  /**
   * What the raw query `sql` depends on that declares its models: on those, and on what it names besides.
   *
   * @throws InvalidOptionError for a model that the schema lacks.
   */
  declared(option: string, models: readonly string[], sql: string): ReadAnalysis;
  /** Whether the schema has the table of this name, in lower case. */
  hasTable(table: string): boolean;
  /** The changes that invalidate whole models. @throws InvalidOptionError for a model that the schema lacks. */
  whole(option: string, models: readonly string[]): readonly Change[];
}
