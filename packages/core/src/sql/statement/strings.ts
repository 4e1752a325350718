import { closing, isName, isSymbol, isWord, listIn, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { meansPresent } from './present.js';
import type { SqlColumn } from './relations.js';
import type { SqlParameters } from './values.js';

/** A place where a query has a string that may stand for the present: one that is written out, or any parameter. */
export interface SqlStringUse {
  /** The number of the parameter, from 0; `undefined`: the string is written out. */
  readonly parameter: number | undefined;
  /** Whether it is the pattern of `like`, `similar to` or a regular expression: such a string is no time. */
  readonly isPattern: boolean;
  /** The column that it is compared with; `undefined`: it may be anything. */
  readonly column: SqlColumn | undefined;
}

const PATTERNS = /^(like|ilike|regexp|rlike|glob)$/;
/** Words before a condition, and after it. Anything else next to an operand may be an operator that changes its value. */
const BEFORE_CONDITION = /^(where|and|or|on|not|when|then|else|case|having|select)$/;
const AFTER_CONDITION =
  /^(and|or|order|group|limit|offset|having|union|intersect|except|for|fetch|then|when|else|end|escape|window|is|as|asc|desc|left|right|inner|full|cross|join|natural)$/;

/** The strings in the statement in `tokens` that may stand for the present. */
export function stringsIn(tokens: readonly SqlToken[], parameters: SqlParameters): readonly SqlStringUse[] {
  const members = membersOfLists(tokens);
  return tokens.flatMap((token, at): readonly SqlStringUse[] => {
    const parameter = parameters.get(token);
    if (parameter === undefined && !(token.kind === 'string' && meansPresent(token.text))) return [];
    const isPattern = isPatternAt(tokens, at);
    return [{ parameter, isPattern, column: isPattern ? undefined : (members.get(at) ?? comparedAt(tokens, at)) }];
  });
}

function isPatternAt(tokens: readonly SqlToken[], at: number): boolean {
  if (!endsCondition(tokens, at + 1)) return false;
  const before = wordAt(tokens, at - 1);
  if (PATTERNS.test(before) || (before === 'to' && isWord(tokens[at - 2], 'similar'))) return true;
  // `~`, `~*`, `!~`, `!~*`.
  return isSymbol(tokens[at - 1], '~') || (isSymbol(tokens[at - 1], '*') && isSymbol(tokens[at - 2], '~'));
}

/** What the items of `a in (…)` are compared with, by their places. */
function membersOfLists(tokens: readonly SqlToken[]): ReadonlyMap<number, SqlColumn> {
  const members = new Map<number, SqlColumn>();
  tokens.forEach((token, at) => {
    if (!isWord(token, 'in') || !isSymbol(tokens[at + 1], '(')) return;
    const column = columnBefore(tokens, isWord(tokens[at - 1], 'not') ? at - 1 : at);
    if (column === undefined) return;
    for (const [from, to] of listIn(tokens, at + 2, closing(tokens, at + 1)))
      if (to === from + 1) members.set(from, column);
  });
  return members;
}

/** The column in `a = …`, `… = a` and `a = any(…)`, where `…` stands at `at`. */
function comparedAt(tokens: readonly SqlToken[], at: number): SqlColumn | undefined {
  let [from, to] = [at, at];
  if (/^(any|all|some)$/.test(wordAt(tokens, at - 2)) && isSymbol(tokens[at - 1], '(') && isSymbol(tokens[at + 1], ')'))
    [from, to] = [at - 2, at + 1];
  const before = operatorBefore(tokens, from);
  if (before < from) return endsCondition(tokens, to + 1) ? columnBefore(tokens, before) : undefined;
  let right = to + 1;
  while (right <= to + 2 && isComparison(tokens[right])) right += 1;
  if (right === to + 1 || !beginsCondition(tokens, from - 1)) return undefined;
  let end = right;
  while (isSymbol(tokens[end + 1], '.') && isName(tokens[end + 2])) end += 2;
  return endsCondition(tokens, end + 1) ? columnAt(tokens, right, end) : undefined;
}

function operatorBefore(tokens: readonly SqlToken[], at: number): number {
  let start = at;
  while (start > at - 2 && isComparison(tokens[start - 1])) start -= 1;
  return start;
}

function isComparison(token: SqlToken | undefined): boolean {
  return token?.kind === 'symbol' && /^[=<>!]$/.test(token.text);
}

/** The column that ends before `end`, if it is all that stands there. */
function columnBefore(tokens: readonly SqlToken[], end: number): SqlColumn | undefined {
  let start = end - 1;
  while (isSymbol(tokens[start - 1], '.') && isName(tokens[start - 2])) start -= 2;
  return beginsCondition(tokens, start - 1) ? columnAt(tokens, start, end - 1) : undefined;
}

/** `a`, `b.a` or `c.b.a`, from the token at `from` to that at `to`. */
function columnAt(tokens: readonly SqlToken[], from: number, to: number): SqlColumn | undefined {
  const column = tokens[to];
  if (column === undefined || !isName(column) || column.ambiguous === true) return undefined;
  if (from === to && column.kind === 'word' && /^(end|null|true|false|any|all|some)$/.test(column.text))
    return undefined;
  return { qualifier: from < to ? tokens[to - 2]?.text : undefined, column: column.text };
}

function beginsCondition(tokens: readonly SqlToken[], at: number): boolean {
  const token = tokens[at];
  return token === undefined || /^[(,]$/.test(symbol(token)) || BEFORE_CONDITION.test(wordAt(tokens, at));
}

function endsCondition(tokens: readonly SqlToken[], at: number): boolean {
  const token = tokens[at];
  return token === undefined || /^[),]$/.test(symbol(token)) || AFTER_CONDITION.test(wordAt(tokens, at));
}

function symbol({ kind, text }: SqlToken): string {
  return kind === 'symbol' ? text : '';
}
