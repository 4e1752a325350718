import {
  CONSTANT_FUNCTIONS,
  isKnownFunction,
  NO_FUNCTIONS,
  SESSION_FUNCTIONS,
  VOLATILE_FUNCTIONS,
  VOLATILE_WORDS,
} from './sql-functions.js';
import type { SqlToken } from './sql-tokens.js';

/** What a statement says that it does to a table. */
export interface SqlTarget {
  /** As it is written, without its schema. */
  readonly name: string;
  readonly verb: 'insert' | 'update' | 'delete' | 'merge' | 'replace' | 'truncate';
  /** The columns that an update sets, in lower case; `undefined`: cannot be told. */
  readonly columns?: readonly string[] | undefined;
  /** A truncation that takes the tables along which reference this one. */
  readonly cascades?: boolean | undefined;
}

/** What is certain of one statement. */
export interface SqlStatement {
  readonly readOnly: boolean;
  readonly volatile: boolean;
  readonly targets: readonly SqlTarget[];
  /** Why it may change more than its targets. */
  readonly unknown: string | undefined;
}

const QUERIES: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table']);
const MUTATIONS: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'replace', 'truncate']);
/** They change sessions, transactions or statistics, never a row. */
const SESSION_STATEMENTS: ReadonlySet<string> = new Set(
  'set reset begin start commit rollback savepoint release abort lock listen unlisten notify analyze vacuum'.split(' '),
);

const BEGINNINGS = /^(|transaction|work|isolation|read|not|deferrable|deferred|immediate|exclusive)$/;

/** They end a transaction that SQL began; `rollback to` only goes back in it. */
const ENDINGS: ReadonlySet<string> = new Set(['commit', 'rollback', 'abort', 'end']);

/** The statements in `tokens`, which end at semicolons. */
export function statementsOf(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** Judges one statement for a database of `provider`. */
export function judgeStatement(tokens: readonly SqlToken[], provider: string | undefined): SqlStatement {
  const start = tokens.find((token) => !isSymbol(token, '('));
  const verb = start?.kind === 'word' ? start.text : '';
  const has = (...texts: readonly string[]): boolean =>
    tokens.some(({ kind, text }) => kind === 'word' && texts.includes(text));
  if (verb === 'explain' || verb === 'describe' || verb === 'show') {
    const runs = has('analyze', 'analyse');
    if (!runs) return { readOnly: true, volatile: true, targets: [], unknown: undefined };
  }
  const calls = callsIn(tokens);
  const unknownCall = calls.find((name) => !isKnownFunction(name, provider));
  const volatile =
    calls.some((name) => VOLATILE_FUNCTIONS.has(name) || SESSION_FUNCTIONS.has(name)) ||
    callsWithoutArguments(tokens).some((name) => !CONSTANT_FUNCTIONS.has(name)) ||
    tokens.some(({ kind, text }) => kind === 'word' && VOLATILE_WORDS.has(text)) ||
    tokens.some(({ kind, text }) => kind === 'string' && /^\s*(now|today|tomorrow|yesterday)\s*$/i.test(text));
  const targets = targetsIn(tokens);
  const locks =
    has('lock') ||
    tokens.some((token, at) => isWord(token, 'for') && /^(update|share|no|key)$/.test(wordAt(tokens, at + 1)));
  const readOnly =
    QUERIES.has(verb) &&
    unknownCall === undefined &&
    !locks &&
    !has('insert', 'update', 'delete', 'merge', 'into', 'call') &&
    !calls.some((name) => SESSION_FUNCTIONS.has(name));
  return { readOnly, volatile, targets, unknown: unknownOf() };

  function unknownOf(): string | undefined {
    if (unknownCall !== undefined) return `the function ${unknownCall} may write`;
    // `begin` may open a block of statements, and `explain analyze` runs what it explains.
    if (has('execute', 'exec', 'call', 'refresh')) return 'a procedure';
    if (verb === 'begin' && !BEGINNINGS.test(wordAt(tokens, 1))) return 'a block of statements';
    // Its statements were counted as they ran: too early for what others read, too late for what is undone.
    if (ENDINGS.has(verb) && !has('to')) return 'the end of a transaction in SQL';
    if (SESSION_STATEMENTS.has(verb) || readOnly) return undefined;
    if (!QUERIES.has(verb) && !MUTATIONS.has(verb) && verb !== 'explain')
      return `the statement ${verb === '' ? 'is unknown' : verb}`;
    if (QUERIES.has(verb) && tokens.some((token, at) => isWord(token, 'into') && !isInsertInto(tokens, at)))
      return 'select into';
    return targets.some(({ name }) => name === '') ? 'a table that cannot be told' : undefined;
  }
}

function callsWithoutArguments(tokens: readonly SqlToken[]): readonly string[] {
  return tokens
    .filter((token, at) => isName(token) && isSymbol(tokens[at + 1], '(') && isSymbol(tokens[at + 2], ')'))
    .map(({ text }) => text);
}

/** Names before a bracket that may be functions; with their schema where it is not `pg_catalog`. */
function callsIn(tokens: readonly SqlToken[]): readonly string[] {
  const calls: string[] = [];
  tokens.forEach((token, at) => {
    if (!isSymbol(tokens[at + 1], '(') || !isName(token) || (token.kind === 'word' && NO_FUNCTIONS.has(token.text)))
      return;
    const before = tokens[at - 1];
    // An alias with columns, a type with its length, a common table expression, the table of an insert.
    if (isWord(before, 'as') || isSymbol(before, '::') || isSymbol(before, ')')) return;
    if (isWithName(tokens, at) || isInsertTarget(tokens, at)) return;
    const schema = isSymbol(before, '.') ? tokens[at - 2]?.text : undefined;
    calls.push(schema === undefined || schema === 'pg_catalog' ? token.text : `${schema}.${token.text}`);
  });
  return calls;
}

/** `with x (a, b) as (select …`: unlike the columns of a function's result, it holds a statement. */
function isWithName(tokens: readonly SqlToken[], at: number): boolean {
  let next = closing(tokens, at + 1) + 1;
  if (!isWord(tokens[next], 'as')) return false;
  next += 1;
  while (isWord(tokens[next], 'not') || isWord(tokens[next], 'materialized')) next += 1;
  const first = wordAt(tokens, next + 1);
  return isSymbol(tokens[next], '(') && (QUERIES.has(first) || MUTATIONS.has(first));
}

function isInsertTarget(tokens: readonly SqlToken[], at: number): boolean {
  let start = at;
  while (isSymbol(tokens[start - 1], '.')) start -= 2;
  return isWord(tokens[start - 1], 'into');
}

function isInsertInto(tokens: readonly SqlToken[], at: number): boolean {
  return [1, 2, 3].some((back) => /^(insert|merge|replace)$/.test(wordAt(tokens, at - back)));
}

function targetsIn(tokens: readonly SqlToken[]): readonly SqlTarget[] {
  const targets: SqlTarget[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || isSymbol(tokens[at - 1], '.')) return;
    const before = wordAt(tokens, at - 1);
    switch (token.text) {
      case 'insert':
      case 'merge':
      case 'replace':
        // `then insert` belongs to a merge, `or replace` to an insert, `replace(` is a function.
        if (before === 'then' || isSymbol(tokens[at + 1], '(')) return;
        if (before === 'or') targets.push({ ...targetAfter(tokens, at, ['into']), verb: 'replace' });
        else
          targets.push({
            ...targetAfter(tokens, at, [
              'or',
              'replace',
              'ignore',
              'abort',
              'fail',
              'rollback',
              'low_priority',
              'delayed',
              'high_priority',
              'into',
            ]),
            verb: token.text,
          });
        return;
      case 'update':
        // `do update`, `key update`, `for update`, `then update`, `on update` name no table.
        if (/^(do|key|for|then|on)$/.test(before)) return;
        targets.push({
          ...targetAfter(tokens, at, ['or', 'replace', 'ignore', 'abort', 'fail', 'rollback', 'low_priority', 'only']),
          verb: 'update',
          columns: columnsSet(tokens, at),
        });
        return;
      case 'delete':
        if (/^(then|on)$/.test(before)) return;
        targets.push({
          ...targetAfter(tokens, at, ['low_priority', 'quick', 'ignore', 'from', 'only']),
          verb: 'delete',
        });
        return;
      case 'truncate':
        if (isSymbol(tokens[at + 1], '(')) return;
        targets.push(...truncated(tokens, at));
        return;
    }
  });
  return targets;
}

/** The table after `at` and the `noise` words; its name is empty if there is none. */
function targetAfter(
  tokens: readonly SqlToken[],
  at: number,
  noise: readonly string[],
): { readonly name: string; readonly end: number } {
  let next = at + 1;
  while (tokens[next]?.kind === 'word' && noise.includes(tokens[next]?.text ?? '')) next += 1;
  if (!isName(tokens[next])) return { name: '', end: next };
  while (isSymbol(tokens[next + 1], '.') && isName(tokens[next + 2])) next += 2;
  return { name: tokens[next]?.text ?? '', end: next + 1 };
}

function truncated(tokens: readonly SqlToken[], at: number): readonly SqlTarget[] {
  const cascades = tokens.some((token) => isWord(token, 'cascade'));
  const targets: SqlTarget[] = [];
  for (let next = at; ; ) {
    const { name, end } = targetAfter(tokens, next, ['table', 'only']);
    targets.push({ name, verb: 'truncate', cascades });
    const comma = isSymbol(tokens[end], '*') ? end + 1 : end;
    if (!isSymbol(tokens[comma], ',')) return targets;
    next = comma;
  }
}

/** `set a = …, b = …`: the columns before the equals signs. Any other form cannot be told. */
function columnsSet(tokens: readonly SqlToken[], at: number): readonly string[] | undefined {
  const start = tokens.findIndex((token, position) => position > at && isWord(token, 'set'));
  if (start < 0) return undefined;
  const columns: string[] = [];
  let next = start + 1;
  for (;;) {
    while (isSymbol(tokens[next + 1], '.')) next += 2;
    const column = tokens[next];
    if (column === undefined || !isName(column) || !isSymbol(tokens[next + 1], '=')) return undefined;
    columns.push(column.text.toLowerCase());
    next += 2;
    while (next < tokens.length && !isSymbol(tokens[next], ',')) {
      // Whatever follows the list belongs to other clauses, which set nothing.
      if (endsAssignments(tokens, next) || isSymbol(tokens[next], ')')) return columns;
      next = isSymbol(tokens[next], '(') ? closing(tokens, next) + 1 : next + 1;
    }
    if (next >= tokens.length) return columns;
    next += 1;
  }
}

function endsAssignments(tokens: readonly SqlToken[], at: number): boolean {
  // `is distinct from` compares.
  const word = wordAt(tokens, at);
  return /^(where|returning|order|limit)$/.test(word) || (word === 'from' && wordAt(tokens, at - 1) !== 'distinct');
}

/** The bracket that closes the one at `open`. */
function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(')) depth += 1;
    if (isSymbol(tokens[at], ')') && --depth === 0) return at;
  }
  return tokens.length;
}

function isSymbol(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

function isWord(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

function isName(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name';
}

function wordAt(tokens: readonly SqlToken[], at: number): string {
  const token = tokens[at];
  return token?.kind === 'word' ? token.text : '';
}
