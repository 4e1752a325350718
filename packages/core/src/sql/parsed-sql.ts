import { KnownFunctions } from '../catalogue/known-functions.js';
import { calledLikeColumn } from './statement/column-calls.js';
import type { SqlEquality } from './statement/conditions.js';
import { equalitiesIn } from './statement/conditions.js';
import { changesPath, redefines } from './statement/definitions.js';
import { mutationIn, type SqlMutation } from './statement/mutation.js';
import { relationsIn, type SqlRelations } from './statement/relations.js';
import { type SessionChange, sessionChangeOf, sessionChangeOfUnreadable } from './statement/session-changes.js';
import { callsWriter, judgeStatement, type SqlStatement, statementsOf } from './statement/statement.js';
import { type SqlStringUse, stringsIn } from './statement/strings.js';
import { parametersIn, type SqlParameters } from './statement/values.js';
import { type SqlToken, sqlTokens, UnreadableSqlError } from './tokens/tokenizer.js';

/** One statement, taken apart. */
export interface ParsedStatement {
  readonly tokens: readonly SqlToken[];
  readonly judged: SqlStatement;
  readonly from: SqlRelations;
  readonly equalities: readonly SqlEquality[];
  readonly strings: readonly SqlStringUse[];
  /** What it writes, if it is one mutation of a form that is certain. */
  readonly mutation: SqlMutation | undefined;
}

/** A text of SQL, taken apart once: it does not depend on the schema or on what its parameters are. */
export interface ParsedSql {
  readonly statements: readonly ParsedStatement[];
  /** Why it could not be taken apart, if it could not. */
  readonly unreadable: string | undefined;
  /** Certain: no data-modifying statement, locking clause or call that may write. */
  readonly readOnly: boolean;
  /** It reads, and locks what it reads. */
  readonly locking: boolean;
  readonly volatile: boolean;
  /** Whether it calls functions. */
  readonly calls: boolean;
  /** Whether it calls one that may write. */
  readonly callsUnknown: boolean;
  /** Whether it changes definitions of which the catalogue tells. */
  readonly redefines: boolean;
  /** Whether it may change in which schemas its session looks for names. */
  readonly changesPath: boolean;
  /** What it changes of its session for longer than a transaction. */
  readonly session: readonly SessionChange[];
}

/** Whether `text` changes no row for certain: it reads, perhaps with locks. */
export function onlyReads({ readOnly, locking, statements }: ParsedSql): boolean {
  const changesNothing = ({ judged }: ParsedStatement) => judged.targets.length === 0 && judged.unknown === undefined;
  return readOnly || (locking && statements.every(changesNothing));
}

/** Whether a database that refused `text` certainly changed nothing: none of several statements, and nothing on the way. */
export function isWhole({ statements: [statement, ...others] }: ParsedSql): boolean {
  return statement !== undefined && others.length === 0 && statement.judged.commitsInside !== true;
}

/** `text` where it runs in a transaction: on MySQL a definition ends that, whatever becomes of it afterwards. */
export function inTransaction(text: ParsedSql): ParsedSql {
  return commits(text) ? endOfTransaction(text) : text;
}

function commits({ statements }: ParsedSql): boolean {
  return statements.some(({ judged }) => judged.transaction === 'commits');
}

/** Takes `sql` apart. @param functions - What the functions do that it calls. @defaultValue as a list of the database's own says */
export function parseSql(
  sql: string,
  provider: string | undefined,
  functions: KnownFunctions = new KnownFunctions(provider),
): ParsedSql {
  try {
    const tokens = sqlTokens(sql, provider);
    const parameters = parametersIn(tokens, provider, sql);
    const statements = statementsOf(tokens).map((statement) =>
      readStatement(statement, parameters, provider, functions),
    );
    return {
      statements,
      unreadable: undefined,
      readOnly: statements.length > 0 && statements.every(({ judged }) => judged.readOnly),
      locking: statements.some(({ judged }) => judged.locking),
      volatile: statements.some(({ judged }) => judged.volatile),
      calls: statements.some(({ judged }) => judged.calls.length > 0),
      callsUnknown: statements.some(({ judged }) => judged.callsUnknown),
      redefines: statements.some((statement) => redefines(statement.tokens)),
      changesPath: statements.some((statement) => changesPath(statement.tokens)),
      session: statements.flatMap((statement) => sessionChangeOf(statement.tokens, provider) ?? []),
    };
  } catch (error) {
    // Whatever goes wrong here, the statement itself may be right: the database decides.
    const unreadable = error instanceof UnreadableSqlError ? error.message : `the analysis failed: ${String(error)}`;
    const session = [sessionChangeOfUnreadable(sql)].filter((change) => change !== undefined);
    return { ...UNREADABLE, unreadable, session, redefines: DEFINES.test(sql), changesPath: /search_path/i.test(sql) };
  }
}

/** Whether `text` may name the table called `table`, in lower case. */
export function mayName({ statements, unreadable }: ParsedSql, table: string): boolean {
  if (unreadable !== undefined) return true;
  return statements.some(({ tokens }) => tokens.some(({ text }) => text.toLowerCase() === table));
}

/** It may do anything. */
const UNREADABLE = {
  statements: [],
  readOnly: false,
  locking: false,
  volatile: true,
  calls: true,
  callsUnknown: false,
} as const;
const DEFINES = /\b(?:create|alter|drop)\b/i;

function readStatement(
  tokens: readonly SqlToken[],
  parameters: SqlParameters,
  provider: string | undefined,
  functions: KnownFunctions,
): ParsedStatement {
  const judged = judgeStatement(tokens, provider, functions);
  const from = relationsIn(tokens);
  const mutation = mutationIn(tokens, parameters);
  const called = calledLikeColumn({ from, mutation, targets: judged.targets }, functions);
  return {
    tokens,
    judged: called === undefined ? judged : callsWriter(judged, called),
    from,
    equalities: equalitiesIn(tokens, parameters),
    strings: stringsIn(tokens, parameters),
    mutation,
  };
}

/** `text` as the end of a transaction whose statements were counted as they ran, before others could see what they did. */
function endOfTransaction(text: ParsedSql): ParsedSql {
  const statements = text.statements.map((statement) => ({
    ...statement,
    judged: { ...statement.judged, unknown: statement.judged.unknown ?? 'the end of a transaction in SQL' },
  }));
  return { ...text, statements, readOnly: false };
}
