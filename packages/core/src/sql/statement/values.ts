import { isSymbol } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';

/** A value as a statement gives it: by the number of its parameter, from 0, or written out. */
export type SqlValue = { readonly parameter: number } | { readonly literal: string | bigint | boolean };

/** The tokens that stand for parameters, with their numbers from 0. */
export type SqlParameters = ReadonlyMap<SqlToken, number>;

/** A string that is the same however its database escapes it. */
const PLAIN_TEXT = /^[\w @.:/+-]*$/;

/**
 * The parameters among the `tokens` of `sql`, all its statements: `$1` on PostgreSQL, elsewhere a question mark by its place.
 *
 * Empty if the place of a question mark does not determine its number.
 */
export function parametersIn(tokens: readonly SqlToken[], provider: string | undefined, sql: string): SqlParameters {
  // On PostgreSQL a question mark is an operator of JSON.
  if (provider !== 'mysql' && provider !== 'sqlite') {
    const numbered = tokens.filter(({ kind, text }) => kind === 'number' && text.startsWith('$'));
    return new Map(numbered.map((token) => [token, Number(token.text.slice(1)) - 1]));
  }
  const marks = tokens.filter(isMark);
  const misleads = provider === 'mysql' ? misleadsOnMySql(tokens, sql) : misleadsOnSqlite(tokens);
  return new Map(misleads ? [] : marks.map((token, place) => [token, place]));
}

/** Drivers replace question marks in the SQL themselves, in comments and literals too, and take `??` for a name. */
function misleadsOnMySql(tokens: readonly SqlToken[], sql: string): boolean {
  const marks = tokens.filter(isMark).length;
  return sql.split('?').length - 1 !== marks || tokens.some((token, at) => isMark(token) && isMark(tokens[at + 1]));
}

/** `?3`, `:name`, `@name` and `$name` are parameters as well, and a question mark counts on from them. */
function misleadsOnSqlite(tokens: readonly SqlToken[]): boolean {
  return tokens.some(
    (token, at) =>
      (isMark(token) && tokens[at + 1]?.kind === 'number') || [':', '@', '$'].some((symbol) => isSymbol(token, symbol)),
  );
}

function isMark(token: SqlToken | undefined): boolean {
  return isSymbol(token, '?');
}

/** The value that the tokens are, if they are one value and nothing else. */
export function valueAt(
  tokens: readonly SqlToken[],
  parameters: SqlParameters,
  from: number,
  to: number,
): SqlValue | undefined {
  const token = tokens[from];
  if (to !== from + 1 || token === undefined) return undefined;
  const parameter = parameters.get(token);
  if (parameter !== undefined) return { parameter };
  switch (token.kind) {
    case 'number':
      return /^\d+$/.test(token.text) ? { literal: BigInt(token.text) } : undefined;
    case 'string':
      return PLAIN_TEXT.test(token.text) ? { literal: token.text } : undefined;
    case 'word':
      return token.text === 'true' || token.text === 'false' ? { literal: token.text === 'true' } : undefined;
    default:
      return undefined;
  }
}

/** What `value` is when the statement runs with `parameters`; `undefined` if it is unknown. */
export function boundValue(value: SqlValue | undefined, parameters: readonly unknown[]): unknown {
  if (value === undefined) return undefined;
  return 'literal' in value ? value.literal : parameters[value.parameter];
}
