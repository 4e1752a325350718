/** One piece of SQL. */
export interface SqlToken {
  /** `word`: a keyword or a name without quotes. `name`: a name in quotes or after a period. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  /** Words in lower case, as far as they are ASCII; names and strings without their quotes, escapes decoded. */
  readonly text: string;
  /** It names something or is a string, as the server is set: what MySQL has between double quotes. */
  readonly ambiguous?: true;
}

/** The SQL cannot be split into tokens with certainty. */
export class UnreadableSqlError extends Error {
  override readonly name = 'UnreadableSqlError';
}
