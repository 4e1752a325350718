import { closing, isName, isSymbol, isWord, listIn, outside, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { type SqlTarget, targetAfter } from './targets.js';

/** What a statement does that is neither a query nor an `insert`, `update`, `delete`, `merge`, `replace` or `truncate`. */
export interface SqlUtility {
  /** It reads, and changes nothing at all. */
  readonly reads?: boolean | undefined;
  /** Where the statement stands that runs as a part of it. */
  readonly inner?: readonly [from: number, to: number] | undefined;
  readonly targets?: readonly SqlTarget[] | undefined;
  /** Why it may change more. */
  readonly unknown?: string | undefined;
  /** On MySQL: it begins or commits a transaction. */
  readonly transaction?: 'begins' | 'commits' | undefined;
  /** It may commit on its way, and fail after that. */
  readonly commitsInside?: boolean | undefined;
}

type Dialect = 'postgresql' | 'mysql' | 'sqlite';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Verbs that change sessions, transactions, statistics or how rows are stored, never a row or its meaning. */
const HARMLESS: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  postgresql: words(
    'set reset savepoint release lock listen unlisten notify analyze analyse vacuum comment security reindex cluster checkpoint load deallocate discard close fetch move',
  ),
  mysql: words('set savepoint release checksum kill help use deallocate'),
  sqlite: words('savepoint release analyze vacuum reindex pragma'),
};

/** On MySQL these commit an open transaction, and change nothing themselves. */
const HARMLESS_AFTER_COMMIT = words('analyze optimize check flush');

/** What `create` may make without a change to what exists: nothing had the name before. */
const NEW_THINGS = words('index sequence statistics type domain database tablespace');
/** What `drop` may take away without a change to any answer. */
const DROPPED_THINGS = words('index statistics prepare');
/** Words between `create` or `drop` and the kind of thing. */
const BEFORE_THINGS = words(
  'global local temp temporary unlogged unique fulltext spatial materialized recursive foreign virtual concurrently online offline',
);
const STATEMENTS = words('select with values table insert update delete merge replace execute declare create refresh');

const BEGINNINGS = /^(|transaction|work|isolation|read|not|deferrable|deferred|immediate|exclusive|concurrent)$/;

const NOTHING: SqlUtility = {};
const END_OF_TRANSACTION = 'the end of a transaction in SQL';

/** Judges the statement whose verb stands at `at`; `undefined` if it is none of those that are judged here. */
export function utilityIn(
  tokens: readonly SqlToken[],
  at: number,
  provider: string | undefined,
): SqlUtility | undefined {
  const verb = wordAt(tokens, at);
  const dialect: Dialect = provider === 'mysql' || provider === 'sqlite' ? provider : 'postgresql';
  const transaction = transactionIn(tokens, at, dialect);
  if (transaction !== undefined) return transaction;
  // MariaDB: `set statement max_statement_time = 1 for delete from a` runs what follows.
  if (dialect === 'mysql' && verb === 'set' && wordAt(tokens, at + 1) === 'statement') return inside(tokens, at);
  if (HARMLESS[dialect].has(verb)) return NOTHING;
  if (dialect === 'mysql' && HARMLESS_AFTER_COMMIT.has(verb)) return analysedOnMySql(tokens, at);
  switch (verb) {
    case 'show':
    case 'describe':
    case 'desc':
    case 'explain':
      return explained(tokens, at);
    case 'execute':
    case 'call':
    case 'do':
      return { unknown: 'a procedure', commitsInside: true };
    case 'prepare':
      // What it prepares runs when it is executed. After `prepare transaction`, another session may end the transaction.
      return isWord(tokens[at + 1], 'transaction') ? { unknown: END_OF_TRANSACTION } : NOTHING;
    case 'declare':
      return dialect === 'postgresql' ? inside(tokens, at) : undefined;
    case 'grant':
      // A membership decides which rows policies let through. Without privileges the database refused to answer.
      return grantsPrivileges(tokens, at) ? committing(dialect, NOTHING) : undefined;
    case 'create':
      return created(tokens, at, dialect);
    case 'drop':
      return DROPPED_THINGS.has(wordAt(tokens, thingAfter(tokens, at))) ? committing(dialect, NOTHING) : undefined;
    case 'refresh':
      return refreshed(tokens, at);
    case 'copy':
      return dialect === 'postgresql' ? copied(tokens, at) : undefined;
    case 'load':
      return dialect === 'mysql' ? loaded(tokens, at) : undefined;
    default:
      return undefined;
  }
}

function transactionIn(tokens: readonly SqlToken[], at: number, dialect: Dialect): SqlUtility | undefined {
  const verb = wordAt(tokens, at);
  const next = wordAt(tokens, at + 1);
  const begins = verb === 'begin' || verb === 'start';
  const commits = begins || verb === 'lock' || verb === 'unlock' || (verb === 'set' && mentions(tokens, 'autocommit'));
  if (dialect === 'mysql' && commits) return { unknown: END_OF_TRANSACTION, transaction: 'begins' };
  // `begin` may open a block of statements.
  if (verb === 'begin' && !BEGINNINGS.test(next)) return { unknown: 'a block of statements' };
  if (begins) return NOTHING;
  // Its statements were counted as they ran: too early for what others read, too late for what is undone. `rollback to`
  // only goes back in it.
  if (/^(commit|rollback|abort|end)$/.test(verb))
    return mentions(tokens, 'to') ? NOTHING : { unknown: END_OF_TRANSACTION };
  return undefined;
}

function mentions(tokens: readonly SqlToken[], word: string): boolean {
  return tokens.some((token) => isWord(token, word));
}

function committing(dialect: Dialect, utility: SqlUtility): SqlUtility {
  return dialect === 'mysql' ? { ...utility, transaction: 'commits' } : utility;
}

/** MariaDB's `analyze update …` runs what follows; `analyze table`, `optimize table` and others look at tables. */
function analysedOnMySql(tokens: readonly SqlToken[], at: number): SqlUtility {
  const looks =
    !isWord(tokens[at], 'analyze') || /^(table|tables|local|no_write_to_binlog)$/.test(wordAt(tokens, at + 1));
  return looks ? { transaction: 'commits' } : { ...explainedFrom(tokens, at + 1, true), transaction: 'commits' };
}

/** `explain` runs what it explains only if it analyses it. */
function explained(tokens: readonly SqlToken[], at: number): SqlUtility {
  const open = at + 1;
  const options = isSymbol(tokens[open], '(') && !STATEMENTS.has(wordAt(tokens, open + 1));
  if (!options || isSymbol(tokens[open + 1], '(')) return explainedFrom(tokens, at + 1, false);
  const close = closing(tokens, open);
  const runs = listIn(tokens, open + 1, close).some(([from, to]) => {
    const off = to === from + 2 && /^(false|off|0)$/i.test(tokens[from + 1]?.text ?? '');
    return isAnalyse(tokens[from]) && !off;
  });
  return runs ? { inner: [close + 1, tokens.length] } : { reads: true };
}

/** Skips words before the statement that is explained. @param runs - Whether it certainly runs. */
function explainedFrom(tokens: readonly SqlToken[], from: number, runs: boolean): SqlUtility {
  let start = from;
  let analyses = runs;
  while (start < tokens.length && !isSymbol(tokens[start], '(') && !STATEMENTS.has(wordAt(tokens, start))) {
    analyses ||= isAnalyse(tokens[start]);
    start += 1;
  }
  return analyses ? { inner: [start, tokens.length] } : { reads: true };
}

function isAnalyse(token: SqlToken | undefined): boolean {
  return isName(token) && /^analy[sz]e$/i.test(token?.text ?? '');
}

/** `declare c cursor for select …`. */
function inside(tokens: readonly SqlToken[], at: number): SqlUtility | undefined {
  const [found] = outside(tokens, at, tokens.length, (token) => isWord(token, 'for'));
  return found === undefined ? undefined : { inner: [found + 1, tokens.length] };
}

function grantsPrivileges(tokens: readonly SqlToken[], at: number): boolean {
  return outside(tokens, at, tokens.length, (token) => isWord(token, 'on')).length > 0;
}

/** The word at which `create` or `drop` says what kind of thing it makes or drops. */
function thingAfter(tokens: readonly SqlToken[], at: number): number {
  let next = at + 1;
  while (next < at + 6 && BEFORE_THINGS.has(wordAt(tokens, next))) next += 1;
  return next;
}

function created(tokens: readonly SqlToken[], at: number, dialect: Dialect): SqlUtility | undefined {
  const kind = thingAfter(tokens, at);
  const thing = wordAt(tokens, kind);
  if (NEW_THINGS.has(thing)) return committing(dialect, NOTHING);
  // `create or replace` gives another meaning to what exists, and to all that reads it.
  if (thing !== 'table' && thing !== 'view') return undefined;
  const { name, end } = targetAfter(tokens, kind, ['if', 'not', 'exists']);
  const temporary = tokens.slice(at, kind).some((token) => isWord(token, 'temp') || isWord(token, 'temporary'));
  const targets: readonly SqlTarget[] = temporary ? [] : [{ name, verb: 'define' }];
  if (name === '') return undefined;
  const commits = (utility: SqlUtility) => (temporary ? utility : committing(dialect, utility));
  if (thing === 'view' && !tokens.slice(at, kind).some((token) => isWord(token, 'materialized')))
    return commits({ targets });
  const [as] = outside(tokens, end, tokens.length, (token) => isWord(token, 'as') || isWord(token, 'select'));
  const bracket = isSymbol(tokens[end], '(') && STATEMENTS.has(wordAt(tokens, end + 1)) ? end : undefined;
  const query = bracket ?? (as === undefined ? undefined : isWord(tokens[as], 'as') ? as + 1 : as);
  return commits({ targets, inner: query === undefined ? undefined : [query, tokens.length] });
}

/** `refresh materialized view a`. */
function refreshed(tokens: readonly SqlToken[], at: number): SqlUtility | undefined {
  if (!isWord(tokens[at + 1], 'materialized') || !isWord(tokens[at + 2], 'view')) return undefined;
  const { name } = targetAfter(tokens, at + 2, ['concurrently']);
  return { targets: [{ name, verb: 'refresh' }] };
}

/** `copy a from …` inserts, `copy a to …` and `copy (select …) to …` read. */
function copied(tokens: readonly SqlToken[], at: number): SqlUtility | undefined {
  if (isSymbol(tokens[at + 1], '(')) return { inner: [at + 2, closing(tokens, at + 1)] };
  const { name, end } = targetAfter(tokens, at, ['binary']);
  const direction = isSymbol(tokens[end], '(') ? closing(tokens, end) + 1 : end;
  if (isWord(tokens[direction], 'to')) return NOTHING;
  if (!isWord(tokens[direction], 'from') || mentions(tokens, 'where')) return undefined;
  return { targets: [{ name, verb: 'insert' }] };
}

/** `load data … into table a`. */
function loaded(tokens: readonly SqlToken[], at: number): SqlUtility | undefined {
  if (!/^(data|xml)$/.test(wordAt(tokens, at + 1)) || mentions(tokens, 'set')) return undefined;
  const into = tokens.findIndex((token, place) => isWord(token, 'into') && isWord(tokens[place + 1], 'table'));
  return into < 0 ? undefined : { targets: [{ name: targetAfter(tokens, into + 1, []).name, verb: 'replace' }] };
}
