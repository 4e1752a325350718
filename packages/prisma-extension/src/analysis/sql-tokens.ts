/** One piece of SQL. */
export interface SqlToken {
  /** `word`: a keyword or a name without quotes. `name`: a name in quotes. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  /** Words in lower case; names and strings without their quotes. */
  readonly text: string;
}

/** The SQL cannot be split into tokens with certainty. */
export class UnreadableSqlError extends Error {
  override readonly name = 'UnreadableSqlError';
}

type Dialect = 'postgresql' | 'mysql' | 'sqlite';

interface Rule {
  readonly pattern: RegExp;
  readonly take: (match: RegExpExecArray) => SqlToken | undefined;
}

const blank: Rule['take'] = () => undefined;
const unreadable =
  (what: string): Rule['take'] =>
  () => {
    throw new UnreadableSqlError(what);
  };
const quoted =
  (kind: SqlToken['kind'], quote: string): Rule['take'] =>
  ([, content = '']) => ({ kind, text: content.replaceAll(quote + quote, quote) });

const COMMON: readonly Rule[] = [
  { pattern: /[\s\u00a0\ufeff]+/y, take: blank },
  { pattern: /[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+/y, take: ([text]) => ({ kind: 'number', text }) },
  { pattern: /[\p{L}_][\p{L}\p{N}_$]*/uy, take: ([text]) => ({ kind: 'word', text: text.toLowerCase() }) },
  { pattern: /['"`]/y, take: unreadable('a quote without its end') },
  { pattern: /::|:=|[\s\S]/y, take: ([text]) => ({ kind: 'symbol', text }) },
];
const LINE_COMMENT: Rule = { pattern: /--[^\n\r]*/y, take: blank };
const STRING: Rule = { pattern: /(?:[nN])?'((?:[^']|'')*)'/y, take: quoted('string', "'") };
const NAME: Rule = { pattern: /"((?:[^"]|"")*)"/y, take: quoted('name', '"') };
const BACKTICKS: Rule = { pattern: /`((?:[^`]|``)*)`/y, take: quoted('name', '`') };
const BRACKETS: Rule = { pattern: /\[([^\]]*)\]/y, take: quoted('name', ']') };
const COMMENT: Rule = { pattern: /\/\*[\s\S]*?\*\//y, take: blank };
const OPEN_COMMENT: Rule = { pattern: /\/\*/y, take: unreadable('a comment without its end') };
// Nested comments end elsewhere in one database than in another.
const NESTED_COMMENT: Rule = { pattern: /\/\*(?:(?!\*\/)[\s\S])*\/\*/y, take: unreadable('a comment in a comment') };

const RULES: Readonly<Record<Dialect, readonly Rule[]>> = {
  postgresql: [
    LINE_COMMENT,
    NESTED_COMMENT,
    COMMENT,
    OPEN_COMMENT,
    { pattern: /[uU]&['"]/y, take: unreadable('a literal with Unicode escapes') },
    { pattern: /[eE]'((?:[^'\\]|''|\\[\s\S])*)'/y, take: ([, text = '']) => ({ kind: 'string', text }) },
    { pattern: /(?:[bBxX])'[^']*'/y, take: ([text]) => ({ kind: 'string', text }) },
    {
      pattern: /\$((?:[\p{L}_][\p{L}\p{N}_]*)?)\$([\s\S]*?)\$\1\$/uy,
      take: ([, , text = '']) => ({ kind: 'string', text }),
    },
    { pattern: /\$[0-9]+/y, take: ([text]) => ({ kind: 'number', text }) },
    STRING,
    NAME,
    ...COMMON,
  ],
  mysql: [
    { pattern: /--[^\s]/y, take: unreadable('two minus signs that are no comment') },
    LINE_COMMENT,
    { pattern: /#[^\n\r]*/y, take: blank },
    { pattern: /\/\*[!+M]/y, take: unreadable('a comment that is executed') },
    NESTED_COMMENT,
    COMMENT,
    OPEN_COMMENT,
    // Whether a backslash escapes, and whether double quotes name things, is a setting of the server.
    { pattern: /[nN]?'[^']*\\|"[^"]*\\/y, take: unreadable('a backslash in a literal') },
    { pattern: /@/y, take: unreadable('a variable') },
    STRING,
    NAME,
    BACKTICKS,
    ...COMMON,
  ],
  sqlite: [LINE_COMMENT, NESTED_COMMENT, COMMENT, OPEN_COMMENT, STRING, NAME, BACKTICKS, BRACKETS, ...COMMON],
};

/**
 * Splits `sql` into tokens, without blanks and comments.
 *
 * @throws {@link UnreadableSqlError} where the end of a literal or comment is not certain.
 */
export function sqlTokens(sql: string, provider: string | undefined): readonly SqlToken[] {
  const rules = RULES[dialectOf(provider)];
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length; ) {
    for (const { pattern, take } of rules) {
      pattern.lastIndex = at;
      const match = pattern.exec(sql);
      if (match === null) continue;
      const token = take(match);
      if (token !== undefined) tokens.push(token);
      at = pattern.lastIndex;
      break;
    }
  }
  return tokens;
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
      // SQL Server needs nothing between two statements, so the end of the first cannot be told.
      throw new UnreadableSqlError(`the dialect of ${provider ?? 'an unknown database'}`);
  }
}
