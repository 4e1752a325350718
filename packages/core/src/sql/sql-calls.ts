import { NO_FUNCTIONS } from './sql-functions.js';
import { bodyOf } from './sql-levels.js';
import type { SqlToken } from './sql-tokens.js';
import { isName, isSymbol, isWord, opening, wordAt } from './token-text.js';

/** They name functions wherever an operand is due, unlike words that are reserved everywhere. */
const MAY_BE_CALLED =
  /^(by|conflict|div|filter|ilike|insert|key|materialized|of|offset|over|overlaps|partition|recursive|regexp|rlike|separator|set|sets|within|xor)$/;
/** `not ilike (`: they are operators there. */
const NEGATED = /^(ilike|materialized|overlaps|regexp|rlike)$/;
const BEFORE_OPERAND = /^(select|distinct|where|having|and|or|not|on|when|then|else|case|returning|from|join|lateral)$/;

/** Names before a bracket that may be functions; with their schema where it is not `pg_catalog`. */
export function callsIn(tokens: readonly SqlToken[]): readonly string[] {
  const calls: string[] = [];
  tokens.forEach((token, at) => {
    if (!isSymbol(tokens[at + 1], '(') || !isName(token) || isKeyword(tokens, at)) return;
    const before = tokens[at - 1];
    // An alias with columns, a type with its length, a common table expression, the table of an insert.
    if (isWord(before, 'as') || isSymbol(before, '::')) return;
    if (isSymbol(before, ')') && !isDistinctOn(tokens, at - 1)) return;
    if (isWithName(tokens, at) || isInsertTarget(tokens, at)) return;
    const schema = isSymbol(before, '.') ? tokens[at - 2]?.text : undefined;
    calls.push(schema === undefined || schema === 'pg_catalog' ? token.text : `${schema}.${token.text}`);
  });
  return calls;
}

/** What is called with nothing between the brackets. */
export function callsWithoutArguments(tokens: readonly SqlToken[]): readonly string[] {
  return tokens
    .filter((token, at) => isName(token) && isSymbol(tokens[at + 1], '(') && isSymbol(tokens[at + 2], ')'))
    .map(({ text }) => text);
}

function isKeyword(tokens: readonly SqlToken[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' || !NO_FUNCTIONS.has(token.text)) return false;
  if (!MAY_BE_CALLED.test(token.text)) return true;
  const before = tokens[at - 1];
  if (isWord(token, 'conflict') && isWord(before, 'on')) return true;
  // The branch of a merge.
  if (isWord(token, 'insert') && isWord(before, 'then')) return true;
  if (NEGATED.test(token.text) && isWord(before, 'not')) return true;
  if (before?.kind === 'symbol') return /^[)\]*?]$/.test(before.text);
  return !BEFORE_OPERAND.test(wordAt(tokens, at - 1));
}

/** `distinct on (a) f(b)`: unlike other brackets, it is not named by what follows. */
function isDistinctOn(tokens: readonly SqlToken[], close: number): boolean {
  const open = opening(tokens, close);
  return isWord(tokens[open - 1], 'on') && isWord(tokens[open - 2], 'distinct');
}

/** `with x (a, b) as (select …`: unlike the columns of a function's result, it holds a statement. */
function isWithName(tokens: readonly SqlToken[], at: number): boolean {
  const body = bodyOf(tokens, at);
  if (body === undefined) return false;
  const first = wordAt(tokens, body + 1);
  // `values` may name a column.
  if (first === 'values') return isSymbol(tokens[body + 2], '(');
  return /^(select|with|table|insert|update|delete|merge|replace)$/.test(first);
}

function isInsertTarget(tokens: readonly SqlToken[], at: number): boolean {
  let start = at;
  while (isSymbol(tokens[start - 1], '.')) start -= 2;
  return isWord(tokens[start - 1], 'into');
}
