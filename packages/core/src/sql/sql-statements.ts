import { KnownFunctions } from '../catalogue/known-functions.js';
import { callsIn, type SqlCall } from './sql-calls.js';
import { VOLATILE_WORDS } from './sql-functions.js';
import { meansPresent } from './sql-present.js';
import type { SqlToken } from './sql-tokens.js';
import { closing, isName, isSymbol, isWord, wordAt } from './token-text.js';

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
  /** It locks what it reads. */
  readonly locking: boolean;
  readonly volatile: boolean;
  readonly targets: readonly SqlTarget[];
  /** The functions that it calls. */
  readonly calls: readonly SqlCall[];
  /** Whether one of them may write. */
  readonly callsUnknown: boolean;
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

/** On MySQL they commit what was begun before. */
const COMMITTING: ReadonlySet<string> = new Set(['begin', 'start', 'lock', 'analyze']);

/** The statements in `tokens`, which end at semicolons. */
export function statementsOf(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** Judges one statement for a database of `provider`. @param functions - What the functions do that it calls. */
export function judgeStatement(
  tokens: readonly SqlToken[],
  provider: string | undefined,
  functions: KnownFunctions = new KnownFunctions(provider),
): SqlStatement {
  const start = tokens.find((token) => !isSymbol(token, '('));
  const verb = start?.kind === 'word' ? start.text : '';
  const has = (...texts: readonly string[]): boolean =>
    tokens.some(({ kind, text }) => kind === 'word' && texts.includes(text));
  if (verb === 'explain' || verb === 'describe' || verb === 'show') {
    // PostgreSQL takes the option in quotes too.
    const runs = tokens.some(({ kind, text }) => kind !== 'string' && /^analy[sz]e$/i.test(text));
    if (!runs)
      return {
        readOnly: true,
        locking: false,
        volatile: true,
        targets: [],
        calls: [],
        callsUnknown: false,
        unknown: undefined,
      };
  }
  const calls = callsIn(tokens, provider);
  const judgments = calls.map((call) => functions.judge(call));
  const unknownCall = calls[judgments.findIndex(({ writes }) => writes === 'maybe')];
  const volatile =
    judgments.some(({ alike, constant }, at) => !alike || (calls[at]?.empty === true && !constant)) ||
    tokens.some(({ kind, text }) => kind === 'word' && VOLATILE_WORDS.has(text)) ||
    tokens.some(({ kind, text }) => kind === 'string' && meansPresent(text)) ||
    // `next value for`, and tables as they were at another time.
    tokens.some((token, at) => isWord(token, 'value') && isWord(tokens[at + 1], 'for')) ||
    tokens.some((token, at) => isWord(token, 'of') && isWord(tokens[at - 1], 'as')) ||
    has('system_time');
  const targets = targetsIn(tokens);
  const locks =
    has('lock') ||
    tokens.some((token, at) => isWord(token, 'for') && /^(update|share|no|key)$/.test(wordAt(tokens, at + 1)));
  const readOnly =
    QUERIES.has(verb) &&
    unknownCall === undefined &&
    !locks &&
    !has('insert', 'update', 'delete', 'merge', 'into', 'call') &&
    !judgments.some(({ writes }) => writes === 'session');
  const callsUnknown = unknownCall !== undefined;
  return { readOnly, locking: locks, volatile, targets, calls, callsUnknown, unknown: unknownOf() };

  function unknownOf(): string | undefined {
    if (unknownCall !== undefined) return `the function ${writtenOf(unknownCall)} may write`;
    // `begin` may open a block of statements, and `explain analyze` runs what it explains.
    if (has('execute', 'exec', 'call', 'refresh')) return 'a procedure';
    if (provider === 'mysql' && (COMMITTING.has(verb) || (verb === 'set' && has('autocommit'))))
      return 'the end of a transaction in SQL';
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

/** As `judged`, with a call of a function that may write, which it does not show. */
export function callsWriter(judged: SqlStatement, called: string): SqlStatement {
  const unknown = judged.unknown ?? `the function ${called} may write`;
  return { ...judged, readOnly: false, callsUnknown: true, unknown };
}

function writtenOf({ schema, name }: SqlCall): string {
  return schema === undefined ? name : `${schema}.${name}`;
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
        // It is no part of other statements.
        if (at === 0) targets.push(...truncated(tokens, at));
        return;
    }
  });
  return targets;
}

/** No statement has more words between its verb and its table. */
const MOST_NOISE = 8;

/** The table after `at` and the `noise` words; its name is empty if there is none. */
function targetAfter(
  tokens: readonly SqlToken[],
  at: number,
  noise: readonly string[],
): { readonly name: string; readonly end: number } {
  let next = at + 1;
  while (next <= at + MOST_NOISE && noise.includes(wordAt(tokens, next))) next += 1;
  if (next > at + MOST_NOISE || !isName(tokens[next])) return { name: '', end: next };
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
  // Another `update` has a `set` of its own.
  let start = at + 1;
  while (start < tokens.length && !/^(set|update)$/.test(wordAt(tokens, start))) start += 1;
  if (!isWord(tokens[start], 'set')) return undefined;
  const columns: string[] = [];
  let next = start + 1;
  for (;;) {
    // On PostgreSQL a period leads into a column: `address.id` is no `id`.
    const column = tokens[next];
    if (column === undefined || !isName(column) || !isSymbol(tokens[next + 1], '=')) return undefined;
    columns.push(column.text.toLowerCase());
    next += 2;
    while (next < tokens.length && !isSymbol(tokens[next], ',')) {
      // Whatever follows the list belongs to other clauses, which set nothing.
      if (endsAssignments(tokens, next) || isSymbol(tokens[next], ')')) return columns;
      if (isWord(tokens[next], 'update')) return undefined;
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
