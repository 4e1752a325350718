import { closing, isName, isSymbol, isWord, listIn, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { isHarmlessSetting } from './harmless-settings.js';

/** A change that a statement makes to its session, and that may change what other queries mean there. */
export interface SessionChange {
  /** As messages name it: `set search_path`. */
  readonly what: string;
  /** The parameter that keeps the change within its transaction where it is true, from 0. */
  readonly localIf?: number | undefined;
  /**
   * All that changed is what this name means, in lower case: a temporary table or view hides others of the name. Absent: what
   * changed may concern any query.
   */
  readonly hides?: string | undefined;
  /**
   * It gives a table or a view another name, and this is all that it names, in lower case: it changes the session only if one of
   * them is temporary. Absent: it changes the session in any case.
   */
  readonly ifHidden?: ReadonlySet<string> | undefined;
}

/** It gives the role of the login back, which a transaction did with `set local role` too. */
export const RESET_ROLE = 'reset role';

/**
 * What the statement in `tokens` changes of its session for longer than a transaction; `undefined`: nothing that could
 * change an answer.
 *
 * A function or a procedure of the application may do the same. Its body is not known here.
 */
export function sessionChangeOf(tokens: readonly SqlToken[], provider: string | undefined): SessionChange | undefined {
  return byVerb(tokens, provider) ?? byTemporaryTable(tokens) ?? bySetConfig(tokens, provider);
}

function byVerb(tokens: readonly SqlToken[], provider: string | undefined): SessionChange | undefined {
  switch (wordAt(tokens, 0)) {
    case 'set':
      return provider === 'mysql' ? byAssignments(tokens) : bySet(tokens, provider);
    case 'reset':
      return named('reset', tokens, 1, provider);
    case 'discard':
      return /^(plans|sequences)$/.test(wordAt(tokens, 1)) ? undefined : { what: `discard ${wordAt(tokens, 1)}` };
    case 'use':
    case 'attach':
    case 'detach':
      return { what: wordAt(tokens, 0) };
    case 'pragma':
      return byPragma(tokens);
    case 'alter':
      return byDefault(tokens, provider) ?? byRename(tokens);
    case 'rename':
      return byRename(tokens);
    case 'explain':
      return byExplained(tokens);
    case 'do':
      return tokens.some(({ kind, text }) => kind === 'string' && SETS_IN_BLOCK.test(text))
        ? { what: 'a block of statements that may set something' }
        : undefined;
    default:
      return undefined;
  }
}

/** Also in a string that the block executes, unless it is put together out of pieces. */
const SETS_IN_BLOCK =
  /\b(set_config|temp|temporary|pg_temp|discard|reset)\b|(^|;|'|\b(begin|then|else|loop)\b)\s*set\b/i;

function bySet(tokens: readonly SqlToken[], provider: string | undefined): SessionChange | undefined {
  const first = wordAt(tokens, 1);
  // They end with the transaction, or set how the next ones begin.
  if (/^(local|transaction|constraints)$/.test(first)) return undefined;
  if (first === 'session' && wordAt(tokens, 2) === 'characteristics') return undefined;
  const at = first === 'session' && wordAt(tokens, 2) !== 'authorization' ? 2 : 1;
  const value = wordAt(tokens, isWord(tokens[at + 1], 'to') || isSymbol(tokens[at + 1], '=') ? at + 2 : at + 1);
  if (wordAt(tokens, at) === 'role' && /^(none|default)$/.test(value)) return { what: RESET_ROLE };
  return named('set', tokens, at, provider);
}

function named(
  verb: string,
  tokens: readonly SqlToken[],
  at: number,
  provider: string | undefined,
): SessionChange | undefined {
  let name = tokens[at]?.text.toLowerCase() ?? '';
  for (let next = at; isSymbol(tokens[next + 1], '.') && isName(tokens[next + 2]); next += 2)
    name += `.${tokens[next + 2]?.text.toLowerCase()}`;
  if (/^(session|time)$/.test(name)) name += ` ${wordAt(tokens, at + 1)}`;
  return isHarmlessSetting(name, provider) ? undefined : { what: `${verb} ${name}` };
}

/** `set a = 1, session b = 2` of MySQL. */
function byAssignments(tokens: readonly SqlToken[]): SessionChange | undefined {
  for (const [from] of listIn(tokens, 1, tokens.length)) {
    const at = /^(session|local|global|persist|persist_only)$/.test(wordAt(tokens, from)) ? from + 1 : from;
    const name = tokens[at]?.text.toLowerCase() ?? '';
    // Passwords, and how the next transactions begin.
    if (/^(password|transaction|default)$/.test(name) || isHarmlessSetting(name, 'mysql')) continue;
    return { what: `set ${name}` };
  }
  return undefined;
}

function byPragma(tokens: readonly SqlToken[]): SessionChange | undefined {
  const at = isSymbol(tokens[2], '.') ? 3 : 1;
  const name = tokens[at]?.text.toLowerCase() ?? '';
  const sets = isSymbol(tokens[at + 1], '=') || isSymbol(tokens[at + 1], '(');
  return sets && !isHarmlessSetting(name, 'sqlite') ? { what: `pragma ${name}` } : undefined;
}

/** `alter role … set`: what sessions begin with. */
function byDefault(tokens: readonly SqlToken[], provider: string | undefined): SessionChange | undefined {
  if (!/^(role|user|database|system)$/.test(wordAt(tokens, 1))) return undefined;
  const at = tokens.findIndex((token) => isWord(token, 'set') || isWord(token, 'reset'));
  const change = at < 0 ? undefined : named(wordAt(tokens, at), tokens, at + 1, provider);
  return change && { what: `alter ${wordAt(tokens, 1)} ${change.what}` };
}

/** `alter table a rename to b`, `rename table a to b`: if `a` is temporary, the session means it by `b` from then on. */
function byRename(tokens: readonly SqlToken[]): SessionChange | undefined {
  const renames = tokens.some(
    (token, at) => isWord(token, 'rename') && !/^(column|constraint|index|key|value)$/.test(wordAt(tokens, at + 1)),
  );
  if (!renames) return undefined;
  const names = tokens.filter(isName).map(({ text }) => text.toLowerCase());
  return { what: 'rename a temporary table', ifHidden: new Set(names) };
}

/** `explain analyze create temporary table a as …` creates it. */
function byExplained(tokens: readonly SqlToken[]): SessionChange | undefined {
  const created = tokens.findIndex((token) => isWord(token, 'create'));
  return created < 0 ? undefined : byTemporaryTable(tokens.slice(created));
}

/** A temporary table or view is what its name means from then on, for its session alone. */
function byTemporaryTable(tokens: readonly SqlToken[]): SessionChange | undefined {
  const creates = wordAt(tokens, 0) === 'create';
  const temporary = tokens.some((token, at) => {
    if (token.kind === 'string') return false;
    if (creates && /^(pg_temp|temp)$/.test(token.text) && isSymbol(tokens[at + 1], '.')) return true;
    if (token.kind !== 'word') return false;
    // `temp` may be the name of a table, too.
    if (/^(temp|temporary)$/.test(token.text))
      return creates
        ? /^(table|view|sequence|recursive|trigger)$/.test(wordAt(tokens, at + 1))
        : isSelectInto(tokens, at - 1) && isName(tokens[at + 1]) && !isWord(tokens[at + 1], 'from');
    return token.text === 'into' && isSymbol(tokens[at + 2], '.') && tokens[at + 1]?.text === 'pg_temp';
  });
  const dropped = tokens.some(
    (token, at) => isWord(token, 'drop') && wordAt(tokens, at - 1) === 'commit' && wordAt(tokens, at - 2) === 'on',
  );
  return temporary && !dropped ? { what: 'create temporary table', hides: temporaryName(tokens) } : undefined;
}

/** The name in `create temporary table name` and the like; `undefined` in every form that is not certain. */
function temporaryName(tokens: readonly SqlToken[]): string | undefined {
  let at = 1;
  if (wordAt(tokens, 0) !== 'create') return undefined;
  if (wordAt(tokens, at) === 'or' && wordAt(tokens, at + 1) === 'replace') at += 2;
  if (/^(local|global)$/.test(wordAt(tokens, at))) at += 1;
  if (!/^(temp|temporary)$/.test(wordAt(tokens, at))) return undefined;
  if (!/^(table|view)$/.test(wordAt(tokens, at + 1))) return undefined;
  at += 2;
  if (wordAt(tokens, at) === 'if' && wordAt(tokens, at + 1) === 'not' && wordAt(tokens, at + 2) === 'exists') at += 3;
  return isName(tokens[at]) && !isSymbol(tokens[at + 1], '.') ? tokens[at]?.text.toLowerCase() : undefined;
}

function isSelectInto(tokens: readonly SqlToken[], at: number): boolean {
  return wordAt(tokens, at) === 'into' && !/^(insert|merge|replace|ignore)$/.test(wordAt(tokens, at - 1));
}

/** `set_config(name, value, is_local)`, wherever it stands. */
function bySetConfig(tokens: readonly SqlToken[], provider: string | undefined): SessionChange | undefined {
  let change: SessionChange | undefined;
  for (const [at, token] of tokens.entries()) {
    if (!isName(token) || token.text.toLowerCase() !== 'set_config' || !isSymbol(tokens[at + 1], '(')) continue;
    const [name, , local] = listIn(tokens, at + 2, closing(tokens, at + 1));
    const first = name && tokens[name[0]];
    if (first?.kind === 'string' && isHarmlessSetting(first.text.toLowerCase(), provider)) continue;
    const what = first?.kind === 'string' ? `set_config('${first.text}')` : 'set_config';
    const isOne = local !== undefined && (local[1] - local[0] === 1 || isSymbol(tokens[local[0] + 1], '::'));
    const kept = isOne ? tokens[local[0]] : undefined;
    if (kept !== undefined && isTrue(kept)) continue;
    const parameter = kept?.kind === 'number' ? /^\$(\d+)$/.exec(kept.text) : null;
    if (parameter === null || change !== undefined) return { what };
    change = { what, localIf: Number(parameter[1]) - 1 };
  }
  return change;
}

function isTrue({ kind, text }: SqlToken): boolean {
  return (kind === 'word' && text === 'true') || (kind === 'string' && /^(t|true|y|yes|on|1)$/i.test(text));
}

const UNREADABLE =
  /(?:^|;)[\s(]*(set|reset|use|discard|attach|detach|pragma|revert|create\s+(?:local\s+|global\s+|or\s+replace\s+)*temp(?:orary)?|exec(?:ute)?\s+as|exec(?:ute)?\s+(?:sys\.)?sp_set_session_context)\b/i;
/** Variables of MySQL and switches of SQL Server that change no answer. */
const HARMLESS_UNREADABLE =
  /^\s*set\s+(@(?!@)[^,]*(,\s*@(?!@)[^,]*)*|(nocount|xact_abort|lock_timeout|deadlock_priority|statistics|transaction|showplan\w*)\b[^;]*)$/i;

/** The same of SQL that could not be split into tokens: in doubt, it changes something. */
export function sessionChangeOfUnreadable(sql: string): SessionChange | undefined {
  const text = sql.replaceAll(/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' ').trim();
  if (/\bset_config\s*\(/i.test(text)) return { what: 'set_config' };
  const verb = UNREADABLE.exec(text)?.[1]?.toLowerCase().replaceAll(/\s+/g, ' ');
  return verb === undefined || HARMLESS_UNREADABLE.test(text) ? undefined : { what: verb };
}

/** Those of `changes` that outlive a transaction, by the values of the parameters. */
export function lastingChanges(
  changes: readonly SessionChange[],
  parameters: readonly unknown[],
): readonly SessionChange[] {
  return changes.filter(({ localIf }) => localIf === undefined || !isTrueValue(parameters[localIf]));
}

function isTrueValue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(t|true|y|yes|on|1)$/i.test(value));
}
