import { closing, isName, isSymbol, isWord, outside } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { VOLATILE_WORDS } from './keywords.js';
import { type SqlParameters, type SqlValue, valueAt } from './values.js';

/** That a column has a value in every row that counts. */
export interface SqlEquality {
  /** The relation that the column belongs to, as it is written; `undefined` if it is not. */
  readonly qualifier: string | undefined;
  /** The schema of that relation, if it is written. */
  readonly schema?: string | undefined;
  readonly column: string;
  readonly value: SqlValue;
}

const SET_OPERATORS = /^(union|intersect|except|minus)$/;
const ENDINGS = /^(group|having|window|order|limit|offset|fetch|for|returning|lock|into|procedure|on)$/;
/** With one of these, `and` does not only join conditions. */
const UNSPLITTABLE = /^(between|case)$/;

/**
 * The equalities that all rows of the outermost query satisfy: conditions of its `where` that are joined by `and`.
 *
 * None where there is any doubt about which query a condition belongs to.
 */
export function equalitiesIn(tokens: readonly SqlToken[], parameters: SqlParameters): readonly SqlEquality[] {
  const words = (pattern: RegExp) =>
    outside(tokens, 0, tokens.length, ({ kind, text }) => kind === 'word' && pattern.test(text));
  if (words(SET_OPERATORS).length > 0) return [];
  const [where, ...others] = words(/^where$/);
  if (where === undefined || others.length > 0) return [];
  // Not only before the end: what looks like one may be the name of a column.
  if (hasAlternatives(tokens, where + 1, tokens.length)) return [];
  const end = words(ENDINGS).find((at) => at > where) ?? tokens.length;
  const last = isSymbol(tokens[end - 1], ';') ? end - 1 : end;
  return conjuncts(tokens, where + 1, last).flatMap(([from, to]) => equalityAt(tokens, parameters, from, to) ?? []);
}

/** The conditions in `[from, to)` that all must hold, brackets around them taken off. */
function conjuncts(
  tokens: readonly SqlToken[],
  begin: number,
  end: number,
): readonly (readonly [from: number, to: number])[] {
  let [from, to] = [begin, end];
  while (isSymbol(tokens[from], '(') && closing(tokens, from) === to - 1) {
    from += 1;
    to -= 1;
  }
  const words = (pattern: RegExp) =>
    outside(tokens, from, to, ({ kind, text }) => kind === 'word' && pattern.test(text));
  if (words(UNSPLITTABLE).length > 0 || hasAlternatives(tokens, from, to)) return [];
  const ands = words(/^and$/);
  if (ands.length === 0) return [[from, to]];
  const starts = [from, ...ands.map((at) => at + 1)];
  return starts.flatMap((start, index) => conjuncts(tokens, start, ands[index] ?? to));
}

/** Whether `and` in `[from, to)` may belong to one side of an `or`: on MySQL `||` is one. */
function hasAlternatives(tokens: readonly SqlToken[], from: number, to: number): boolean {
  const bars = outside(tokens, from, to, (token) => isSymbol(token, '|'));
  return (
    bars.some((at) => isSymbol(tokens[at + 1], '|')) ||
    outside(tokens, from, to, (token) => isWord(token, 'or') || isWord(token, 'xor')).length > 0
  );
}

function equalityAt(
  tokens: readonly SqlToken[],
  parameters: SqlParameters,
  from: number,
  to: number,
): SqlEquality | undefined {
  const [equals, ...others] = outside(tokens, from, to, (token) => isSymbol(token, '='));
  if (equals === undefined || others.length > 0) return undefined;
  const column = columnAt(tokens, from, equals) ?? columnAt(tokens, equals + 1, to);
  const value = valueAt(tokens, parameters, equals + 1, to) ?? valueAt(tokens, parameters, from, equals);
  return column === undefined || value === undefined ? undefined : { ...column, value };
}

/** `column`, `relation.column`, `schema.relation.column`, and nothing else. */
function columnAt(tokens: readonly SqlToken[], from: number, to: number): Omit<SqlEquality, 'value'> | undefined {
  const size = to - from;
  if (size < 1 || size > 5 || size % 2 === 0) return undefined;
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    if ((at - from) % 2 === 0 ? !isName(token) || token?.ambiguous : !isSymbol(token, '.')) return undefined;
  }
  const column = tokens[to - 1];
  if (column === undefined || (column.kind === 'word' && isValue(column.text))) return undefined;
  return {
    column: column.text,
    qualifier: size > 1 ? tokens[to - 3]?.text : undefined,
    ...(size > 3 ? { schema: tokens[to - 5]?.text } : {}),
  };
}

/** Words that are no columns: `current_user = 'x'`. */
function isValue(word: string): boolean {
  return word === 'true' || word === 'false' || word === 'null' || VOLATILE_WORDS.has(word);
}
