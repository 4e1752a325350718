/** Something that the database has and the schema in code lacks. */
export interface SchemaFinding {
  /** A table that the code knows. */
  readonly table: string;
  /** What it lacks of it. */
  readonly lacks: string;
  /** What the cache does because of it. */
  readonly consequence: string;
  /** How to declare it in code. */
  readonly advice: string;
}
