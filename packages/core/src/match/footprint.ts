/**
 * What is known of one row: column to comparable value. A column that is absent is unknown.
 *
 * A comparable value is a string such that two values which the database may call equal always have the same one.
 * So different strings prove inequality; equal ones prove nothing, nor do strings of different kinds, which begin with another
 * letter and a colon. Adapters make them (see `comparable.ts`).
 */
export type Facts = Readonly<Record<string, string>>;

/** One model a query depends on, narrowed by what is certain about the rows that matter. */
export interface Dependency {
  readonly model: string;
  /** Every row that can be in the result has these values. Absent: any row may matter. */
  readonly where?: Facts | undefined;
  /**
   * The rows that are in the result, one set of facts each, when that list is complete.
   * A changed row that is certainly none of them was not in the result before. Absent: unknown.
   */
  readonly keys?: readonly Facts[] | undefined;
}

/** What a query depends on: its result can only change if one of these does. */
export interface Footprint {
  readonly dependencies: readonly Dependency[];
  /** Labels that users put on entries. */
  readonly tags: readonly string[];
}
