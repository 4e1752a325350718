import type { FunctionName } from '../../catalogue/known-functions.js';
import { closing, isName, isSymbol, isWord, opening, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { NO_FUNCTIONS } from './keywords.js';
import { bodyOf } from './levels.js';

/** Words that name functions where an operand is due, unlike words that are reserved everywhere. */
const MAY_BE_CALLED =
  /^(by|conflict|div|filter|ilike|insert|key|materialized|of|offset|over|overlaps|partition|recursive|regexp|rlike|separator|set|sets|within|xor)$/;
/** `not ilike (`: they are operators there. */
const NEGATED = /^(ilike|materialized|overlaps|regexp|rlike)$/;
const BEFORE_OPERAND = /^(select|distinct|where|having|and|or|not|on|when|then|else|case|returning|from|join|lateral)$/;

/** A name before a bracket that may be that of a function. */
export interface SqlCall extends FunctionName {
  /** Whether there is nothing between the brackets. */
  readonly empty: boolean;
}

/** Names before a bracket that may be functions. */
export function callsIn(tokens: readonly SqlToken[], provider?: string | undefined): readonly SqlCall[] {
  const calls: SqlCall[] = [];
  tokens.forEach((token, at) => {
    if (!isSymbol(tokens[at + 1], '(') || !isName(token) || isKeyword(tokens, at)) return;
    const before = tokens[at - 1];
    // An alias with columns, a way to take samples, a type with its length, a common table expression, the table of an insert.
    if (isWord(before, 'as') || isWord(before, 'tablesample')) return;
    if (isType(tokens, at, provider) || isTypeName(tokens, at)) return;
    if (isSymbol(before, ')') && !isDistinctOn(tokens, at - 1)) return;
    if (isWithName(tokens, at) || isInsertTarget(tokens, at)) return;
    const schema = isSymbol(before, '.') ? tokens[at - 2]?.text : undefined;
    calls.push({ schema, name: token.text, quoted: token.kind === 'name', empty: isSymbol(tokens[at + 2], ')') });
  });
  return calls;
}

/** A type with its length or precision: `a::numeric(10, 2)`, `a::public.vector(3)`, `timestamp(3) '2024-01-01'`. */
function isType(tokens: readonly SqlToken[], at: number, provider: string | undefined): boolean {
  let start = at;
  while (isSymbol(tokens[start - 1], '.') && isName(tokens[start - 2])) start -= 2;
  if (isSymbol(tokens[start - 1], '::')) return true;
  // Elsewhere a string there is what the column is called.
  return (
    (provider === 'postgresql' || provider === 'postgres') && tokens[closing(tokens, at + 1) + 1]?.kind === 'string'
  );
}

/** `x::character varying(10)`, `cast(x as pg_catalog.varchar(10))`: the last word of a type. */
function isTypeName(tokens: readonly SqlToken[], at: number): boolean {
  const qualified = isSymbol(tokens[at - 1], '.');
  const worded = /^(varying|precision)$/.test(wordAt(tokens, at)) && !qualified;
  if (!qualified && !worded) return false;
  let before = at - 1;
  // `national character varying` is the longest.
  if (worded)
    while (before > at - 4 && /^(national|character|char|bit|double)$/.test(wordAt(tokens, before))) before -= 1;
  else before = at - 3;
  return isSymbol(tokens[before], '::') || isWord(tokens[before], 'as');
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

/** `insert into t (a)`; MySQL does without `into`. */
function isInsertTarget(tokens: readonly SqlToken[], at: number): boolean {
  let start = at;
  while (isSymbol(tokens[start - 1], '.')) start -= 2;
  if (isWord(tokens[start - 1], 'into')) return true;
  const first = tokens[0];
  if (start > MOST_BEFORE_TABLE || !(isWord(first, 'insert') || isWord(first, 'replace'))) return false;
  return tokens.slice(1, start).every((token) => /^(ignore|low_priority|delayed|high_priority)$/.test(token.text));
}

/** How many words may stand before the table of an insert. */
const MOST_BEFORE_TABLE = 4;
