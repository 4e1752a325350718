import { storedName } from '../../schema/stored-names.js';
import { isBlank, isDigit, isNamePart, isNameStart, SqlLexer, type SqlSource } from './lexer.js';
import { type SqlToken, UnreadableSqlError } from './token.js';

export { type SqlToken, UnreadableSqlError } from './token.js';

type Dialect = 'postgresql' | 'mysql' | 'sqlite';

/** Consumes what its dialect writes differently from others. @returns Whether it consumed something. */
type OwnRule = (lexer: SqlLexer) => boolean;

/** In characters; longer SQL is not parsed. Builders stay below: databases allow 65,535 parameters in a statement. */
export const LONGEST_SQL = 1_000_000;

/** What the SQL may also contain. */
export interface SqlExtras {
  /** Variables of a session of MySQL, where it does not matter what they hold: `@total` is an operand, like a number. */
  readonly variables?: boolean;
}

/** Databases refuse what is nested more deeply, or nearly so. */
export const DEEPEST_BRACKETS = 1_000;

/**
 * Splits `sql` into tokens, without blanks and comments, in time that is proportional to its length.
 *
 * @throws {@link UnreadableSqlError} where the end of a literal or comment is not certain, and for SQL that is longer or
 *   nested more deeply than any that is read.
 */
export function sqlTokens(
  sql: SqlSource,
  provider: string | undefined,
  { variables = false }: SqlExtras = {},
): readonly SqlToken[] {
  const readOwn = OWN_RULES[dialectOf(provider)];
  if (sql.length > LONGEST_SQL)
    throw new UnreadableSqlError(`longer than ${LONGEST_SQL.toLocaleString('en')} characters`);
  const lexer = new SqlLexer(sql);
  let depth = 0;
  while (!lexer.isAtEnd) {
    if (variables && lexer.peek() === '@') {
      takeVariable(lexer);
      continue;
    }
    if (readOwn(lexer)) continue;
    const next = lexer.peek();
    if (isBlank(next)) lexer.skipBlanks();
    else if (isDigit(next) || (next === '.' && isDigit(lexer.peek(1)))) lexer.takeNumber();
    else if (isNameStart(next)) lexer.takeWord();
    else if (next === "'" || next === '"' || next === '`') throw new UnreadableSqlError('an unterminated quote');
    else {
      lexer.take('symbol', next === ':' && /^[:=]$/.test(lexer.peek(1)) ? 2 : 1);
      depth += next === '(' ? 1 : next === ')' ? -1 : 0;
      if (depth > DEEPEST_BRACKETS) throw new UnreadableSqlError(`more than ${DEEPEST_BRACKETS} nested brackets`);
    }
  }
  return lexer.tokens.map((token) => withStoredName(token, provider));
}

function withStoredName(token: SqlToken, provider: string | undefined): SqlToken {
  if (token.kind !== 'word' && token.kind !== 'name') return token;
  const text = storedName(token.text, provider);
  return text === token.text ? token : { ...token, text };
}

const OWN_RULES: Readonly<Record<Dialect, OwnRule>> = {
  postgresql: (lexer) => {
    const [next, second, third] = [lexer.peek(), lexer.peek(1), lexer.peek(2)];
    if (next === '-' && second === '-') lexer.skipLineComment(true);
    else if (next === '/' && second === '*') lexer.skipComment();
    else if (next === "'") lexer.takeContinuedString(0);
    else if (next === '"') lexer.takeQuoted('name', '"');
    else if (second === "'" && /^[nN]$/.test(next)) lexer.takeContinuedString(1);
    else if (second === "'" && /^[eE]$/.test(next)) lexer.takeEscaped();
    else if (second === "'" && /^[bBxX]$/.test(next)) lexer.takeVerbatim(1);
    else if (second === '&' && /^[uU]$/.test(next) && /^['"]$/.test(third)) lexer.takeUnicode();
    else if (next === '$') return readDollar(lexer);
    else return false;
    return true;
  },
  mysql: (lexer) => {
    const [next, second, third] = [lexer.peek(), lexer.peek(1), lexer.peek(2)];
    if (next === '-' && second === '-') {
      if (third !== '' && !isBlank(third)) throw new UnreadableSqlError('two minus signs without a following space');
      lexer.skipLineComment(false);
    } else if (next === '#') lexer.skipLineComment(false);
    else if (next === '/' && second === '*') {
      if (/^[!+M]$/.test(third)) throw new UnreadableSqlError('a comment that is executed');
      lexer.skipComment();
    } else if (next === "'") withoutBackslash(lexer.takeQuoted('string', "'"));
    else if (second === "'" && /^[nN]$/.test(next)) withoutBackslash(lexer.takeQuoted('string', "'", 1));
    else if (next === '"') {
      const { text } = withoutBackslash(lexer.takeQuoted('name', '"'));
      lexer.tokens.splice(-1, 1, { kind: 'name', text, ambiguous: true });
    } else if (next === '`') lexer.takeQuoted('name', '`');
    else if (next === '@') throw new UnreadableSqlError('a variable');
    else if (next === '$') throw new UnreadableSqlError('a name that begins with a digit');
    else if (isDigit(next) || (next === '.' && isDigit(second))) readNumberOrName(lexer);
    else return false;
    return true;
  },
  sqlite: (lexer) => {
    const [next, second] = [lexer.peek(), lexer.peek(1)];
    if (next === '-' && second === '-') lexer.skipLineComment(false);
    else if (next === '/' && second === '*') lexer.skipComment();
    else if (next === "'") lexer.takeQuoted('string', "'");
    else if (next === '"') lexer.takeQuoted('name', '"');
    else if (next === '`') lexer.takeQuoted('name', '`');
    else if (next === '[') lexer.takeBracketed();
    else return false;
    return true;
  },
};

/** `$1` is a parameter, `$$` and `$tag$` begin a literal. */
function readDollar(lexer: SqlLexer): boolean {
  let length = 1;
  if (isDigit(lexer.peek(1))) {
    while (isDigit(lexer.peek(length))) length += 1;
    lexer.take('number', length);
    return true;
  }
  while (lexer.peek(length) !== '$' && isNamePart(lexer.peek(length))) length += 1;
  if (lexer.peek(length) !== '$') return false;
  lexer.takeDollarQuoted(length + 1);
  return true;
}

/** `@total`. The server's own begin with two signs. Names in quotes, and with a period in them, are not read. */
function takeVariable(lexer: SqlLexer): void {
  let length = 1;
  while (isNamePart(lexer.peek(length))) length += 1;
  if (length === 1 || lexer.peek(length) === '.') throw new UnreadableSqlError('a variable');
  lexer.take('number', length);
}

/** Whether a backslash escapes, and whether double quotes name things, is a setting of the server. */
function withoutBackslash(token: SqlToken): SqlToken {
  if (token.text.includes('\\')) throw new UnreadableSqlError('a backslash in a literal');
  return token;
}

/** On MySQL `2fa` is a name, `db.2fa` too, while `0xfa` and `1e5` are numbers. */
function readNumberOrName(lexer: SqlLexer): void {
  let length = lexer.numberLength();
  if (length === 1 && lexer.peek() === '0' && /^[xX]$/.test(lexer.peek(1))) {
    length = 2;
    while (/^[\da-fA-F]$/.test(lexer.peek(length))) length += 1;
    if (length === 2) throw new UnreadableSqlError('a name that begins with a digit');
  }
  if (isNamePart(lexer.peek(length))) throw new UnreadableSqlError('a name that begins with a digit');
  lexer.take('number', length);
}

function dialectOf(provider: string | undefined): Dialect {
  switch (provider) {
    case 'postgres':
    case 'postgresql':
    case 'cockroachdb':
      return 'postgresql';
    case 'mysql':
    case 'sqlite':
      return provider;
    default:
      // SQL Server needs nothing between two statements, so the end of the first cannot be determined.
      throw new UnreadableSqlError(`the dialect of ${provider ?? 'an unknown database'}`);
  }
}
