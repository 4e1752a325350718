import { KnownFunctions } from '../../catalogue/known-functions.js';
import { isSymbol, isWord, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { callsIn, type SqlCall } from './calls.js';
import { VOLATILE_WORDS } from './keywords.js';
import { type SqlTarget, targetsIn } from './targets.js';
import { type SqlUtility, utilityIn } from './utilities.js';

export type { SqlTarget } from './targets.js';

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
  /** On MySQL: whether it begins a transaction in SQL, or commits one that was begun before, as most definitions do. */
  readonly transaction?: 'begins' | 'commits' | undefined;
  /** Whether something may be committed although the database refuses it: by itself, or, on MySQL, of what ran before it. */
  readonly commitsInside?: boolean | undefined;
}

const QUERIES: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table']);
const MUTATIONS: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'replace', 'truncate']);

/** The statements in `tokens`, which end at semicolons. */
export function statementsOf(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/**
 * Judges one statement for a database of `provider`, by its verb first: only in queries and mutations do names before
 * brackets call functions.
 *
 * @param functions - What the functions do that it calls.
 */
export function judgeStatement(
  tokens: readonly SqlToken[],
  provider: string | undefined,
  functions: KnownFunctions = new KnownFunctions(provider),
  depth = 0,
): SqlStatement {
  const start = tokens.findIndex((token) => !isSymbol(token, '('));
  const verb = wordAt(tokens, start);
  if (!QUERIES.has(verb) && !MUTATIONS.has(verb)) {
    const utility = depth > DEEPEST_STATEMENTS ? undefined : utilityIn(tokens, start, provider);
    if (utility === undefined) {
      const unknown = verb === '' ? 'an unknown statement' : `the statement ${verb}`;
      return { ...RUNS_UNREAD, unknown, ...(provider === 'mysql' ? { commitsInside: true } : {}) };
    }
    return judgeUtility(tokens, utility, (inner) => judgeStatement(inner, provider, functions, depth + 1));
  }
  const has = (...texts: readonly string[]): boolean =>
    tokens.some(({ kind, text }) => kind === 'word' && texts.includes(text));
  const calls = callsIn(tokens, provider);
  const judgments = calls.map((call) => functions.judge(call));
  const unknownCall = calls[judgments.findIndex(({ writes }) => writes === 'maybe')];
  const volatile =
    judgments.some(({ alike, constant }, at) => !alike || (calls[at]?.empty === true && !constant)) ||
    tokens.some(({ kind, text }) => kind === 'word' && VOLATILE_WORDS.has(text)) ||
    // `next value for`, and tables as they were at another time.
    tokens.some((token, at) => isWord(token, 'value') && isWord(tokens[at + 1], 'for')) ||
    tokens.some((token, at) => isWord(token, 'of') && isWord(tokens[at - 1], 'as')) ||
    has('system_time');
  const targets = targetsIn(tokens, provider);
  const locks =
    has('lock') ||
    tokens.some((token, at) => isWord(token, 'for') && /^(update|share|no|key)$/.test(wordAt(tokens, at + 1)));
  const readOnly =
    QUERIES.has(verb) &&
    unknownCall === undefined &&
    !locks &&
    !has('insert', 'update', 'delete', 'merge', 'into') &&
    !judgments.some(({ writes }) => writes === 'session');
  const callsUnknown = unknownCall !== undefined;
  const judged = { readOnly, locking: locks, volatile, targets, calls, callsUnknown, unknown: unknownOf() };
  // To MySQL it is a definition.
  return verb === 'truncate' && provider === 'mysql'
    ? { ...judged, transaction: 'commits', commitsInside: true }
    : judged;

  function unknownOf(): string | undefined {
    if (unknownCall !== undefined) return `the function ${writtenOf(unknownCall)} may write`;
    if (readOnly) return undefined;
    if (QUERIES.has(verb) && tokens.some((token, at) => isWord(token, 'into') && !isInsertInto(tokens, at)))
      return 'select into';
    return targets.some(({ name }) => name === '') ? 'the target table cannot be determined' : undefined;
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

const RUNS_UNREAD = {
  readOnly: false,
  locking: false,
  volatile: true,
  targets: [],
  calls: [],
  callsUnknown: false,
} as const;

/** A statement in an `explain analyze` in a third one is not looked for. */
const DEEPEST_STATEMENTS = 3;

function judgeUtility(
  tokens: readonly SqlToken[],
  { reads = false, inner, targets = [], unknown, transaction, commitsInside = transaction !== undefined }: SqlUtility,
  judge: (inner: readonly SqlToken[]) => SqlStatement,
): SqlStatement {
  const runs = inner && judge(tokens.slice(...inner));
  const all = [...targets, ...(runs?.targets ?? [])];
  return {
    readOnly: reads || (runs?.readOnly === true && targets.length === 0),
    locking: runs?.locking ?? isWord(tokens[0], 'lock'),
    volatile: true,
    targets: all,
    calls: runs?.calls ?? [],
    callsUnknown: runs?.callsUnknown ?? false,
    unknown:
      unknown ??
      runs?.unknown ??
      (all.some(({ name }) => name === '') ? 'the target table cannot be determined' : undefined),
    ...(transaction === undefined ? {} : { transaction }),
    ...(commitsInside ? { commitsInside } : {}),
  };
}

function isInsertInto(tokens: readonly SqlToken[], at: number): boolean {
  return [1, 2, 3].some((back) => /^(insert|merge|replace)$/.test(wordAt(tokens, at - back)));
}
