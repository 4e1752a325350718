/**
 * What is known of one row: column to comparable value. A column that is absent is unknown.
 *
 * A comparable value is a text such that two values which the database may call equal always have the same one.
 * So different texts prove inequality; equal texts prove nothing, nor do texts of different kinds, which begin with another
 * letter and a colon. Adapters make them (see `comparable.ts`).
 */
export type Facts = Readonly<Record<string, string>>;

/** One model a query depends on, narrowed by what is certain about the rows that matter. */
export interface Dependency {
  readonly model: string;
  /** Every row that can be in the answer has these values. Absent: any row may matter. */
  readonly where?: Facts | undefined;
  /**
   * The rows that are in the answer, one set of facts each, when that list is complete.
   * A changed row that is certainly none of them was not in the answer before. Absent: unknown.
   */
  readonly keys?: readonly Facts[] | undefined;
}

/** What a query depends on: its answer can only change if one of these does. */
export interface Footprint {
  readonly dependencies: readonly Dependency[];
  /** Labels that people put on entries. */
  readonly tags: readonly string[];
}
