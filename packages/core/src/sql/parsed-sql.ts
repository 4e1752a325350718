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

/** One statement, parsed. */
export interface ParsedStatement {
  readonly tokens: readonly SqlToken[];
  readonly judged: SqlStatement;
  readonly from: SqlRelations;
  readonly equalities: readonly SqlEquality[];
  readonly strings: readonly SqlStringUse[];
  /** What it writes, if it is one mutation of a form that is certain. */
  readonly mutation: SqlMutation | undefined;
}

/** A string of SQL, parsed. It depends neither on the schema nor on the values of its parameters. */
export interface ParsedSql {
  readonly statements: readonly ParsedStatement[];
  /** Why it could not be parsed, if it could not. */
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
  /** Whether it changes definitions that the catalogue lists. */
  readonly redefines: boolean;
  /** Whether it may change in which schemas its session looks for names. */
  readonly changesPath: boolean;
  /** What it changes in its session for longer than a transaction. */
  readonly session: readonly SessionChange[];
}

/** Whether `parsed` certainly changes no row: it reads, perhaps with locks. */
export function onlyReads({ readOnly, locking, statements }: ParsedSql): boolean {
  const changesNothing = ({ judged }: ParsedStatement) => judged.targets.length === 0 && judged.unknown === undefined;
  return readOnly || (locking && statements.every(changesNothing));
}

/** Whether a database that refused `parsed` certainly changed nothing: it is one statement that commits nothing while it runs. */
export function isWhole({ statements: [statement, ...others] }: ParsedSql): boolean {
  return statement !== undefined && others.length === 0 && statement.judged.commitsInside !== true;
}

/** `parsed` where it runs in a transaction: on MySQL a definition commits that, even if the definition then fails. */
export function inTransaction(parsed: ParsedSql): ParsedSql {
  return commits(parsed) ? endOfTransaction(parsed) : parsed;
}

function commits({ statements }: ParsedSql): boolean {
  return statements.some(({ judged }) => judged.transaction === 'commits');
}

/** Parses `sql`. @param functions - What functions do. @defaultValue by the lists of the databases' own functions */
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
    // The statement may be right although it cannot be parsed here: the database decides.
    const unreadable = error instanceof UnreadableSqlError ? error.message : `the analysis failed: ${String(error)}`;
    const session = [sessionChangeOfUnreadable(sql)].filter((change) => change !== undefined);
    return { ...UNREADABLE, unreadable, session, redefines: DEFINES.test(sql), changesPath: /search_path/i.test(sql) };
  }
}

/** Whether `parsed` may name the table called `table`, in lower case. */
export function mayName({ statements, unreadable }: ParsedSql, table: string): boolean {
  if (unreadable !== undefined) return true;
  return statements.some(({ tokens }) => tokens.some(({ text }) => text.toLowerCase() === table));
}

/** SQL that could not be parsed may do anything. */
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

/** `parsed` as the end of a transaction whose statements invalidated as they ran, before their changes were visible to others. */
function endOfTransaction(parsed: ParsedSql): ParsedSql {
  const statements = parsed.statements.map((statement) => ({
    ...statement,
    judged: { ...statement.judged, unknown: statement.judged.unknown ?? 'the end of a transaction in SQL' },
  }));
  return { ...parsed, statements, readOnly: false };
}
