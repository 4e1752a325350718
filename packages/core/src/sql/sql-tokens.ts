/** One piece of SQL. */
export interface SqlToken {
  /** `word`: a keyword or a name without quotes. `name`: a name in quotes or after a period. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  /** Words in lower case, as far as they are ASCII; names and strings without their quotes. */
  readonly text: string;
  /** It names something or is a text, as the server is set: what MySQL has between double quotes. */
  readonly ambiguous?: true;
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
  { pattern: /[ \t\n\r\f\v]+/y, take: blank },
  { pattern: /[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+/y, take: ([text]) => ({ kind: 'number', text }) },
  { pattern: /[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/uy, take: ([text]) => wordOf(text) },
  { pattern: /['"`]/y, take: unreadable('a quote without its end') },
  { pattern: /::|:=|[\s\S]/y, take: ([text]) => ({ kind: 'symbol', text }) },
];
/** Databases take every character that is not ASCII for a part of a name, and fold the case of ASCII for certain only. */
function wordOf(text: string): SqlToken {
  if (/[\s\u0085\u200b\ufeff]/.test(text)) throw new UnreadableSqlError('a blank that is none in SQL');
  return { kind: 'word', text: text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) };
}

const LINE_COMMENT: Rule = { pattern: /--[^\n\r]*/y, take: blank };
const STRING: Rule = { pattern: /(?:[nN])?'((?:[^']|'')*)'/y, take: quoted('string', "'") };
const NAME: Rule = { pattern: /"((?:[^"]|"")*)"/y, take: quoted('name', '"') };
const BACKTICKS: Rule = { pattern: /`((?:[^`]|``)*)`/y, take: quoted('name', '`') };
const BRACKETS: Rule = { pattern: /\[([^\]]*)\]/y, take: quoted('name', ']') };
const COMMENT: Rule = { pattern: /\/\*[\s\S]*?\*\//y, take: blank };
const OPEN_COMMENT: Rule = { pattern: /\/\*/y, take: unreadable('a comment without its end') };
// Nested comments end elsewhere in one database than in another.
const NESTED_COMMENT: Rule = { pattern: /\/\*(?:(?!\*\/)[\s\S])*\/\*/y, take: unreadable('a comment in a comment') };

/** On MySQL `2fa` is a name, `db.2fa` too, while `0xfa` and `1e5` are numbers. */
const NAME_WITH_DIGITS: Rule = {
  pattern:
    /(?!0[xX][\da-fA-F]+(?![\w$\u0080-\u{10ffff}]))(?:\d+\.?\d*|\.\d+)(?:(?![eE][+-]?\d)|[eE]\d+)[A-Za-z_$\u0080-\u{10ffff}]|\$/uy,
  take: unreadable('a name that begins with a digit'),
};

/** PostgreSQL ends such a comment there, other databases go on to the end of the line. */
const COMMENT_WITH_RETURN: Rule = {
  pattern: /(?:--|#)[^\n\r]*\r(?!\n)/y,
  take: unreadable('a carriage return in a comment'),
};

const RULES: Readonly<Record<Dialect, readonly Rule[]>> = {
  postgresql: [
    LINE_COMMENT,
    NESTED_COMMENT,
    COMMENT,
    OPEN_COMMENT,
    { pattern: /[uU]&['"]/y, take: unreadable('a literal with Unicode escapes') },
    // A text goes on behind a line break, and there by the rules of its beginning.
    {
      pattern: /[eE]'(?:[^'\\]|''|\\[\s\S])*'(?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])+'/y,
      take: unreadable('a literal with escapes that goes on'),
    },
    { pattern: /[eE]'((?:[^'\\]|''|\\[\s\S])*)'/y, take: ([, text = '']) => ({ kind: 'string', text }) },
    { pattern: /(?:[bBxX])'[^']*'/y, take: ([text]) => ({ kind: 'string', text }) },
    {
      pattern: /\$((?:[A-Za-z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*)?)\$([\s\S]*?)\$\1\$/uy,
      take: ([, , text = '']) => ({ kind: 'string', text }),
    },
    { pattern: /\$[0-9]+/y, take: ([text]) => ({ kind: 'number', text }) },
    STRING,
    NAME,
    ...COMMON,
  ],
  mysql: [
    { pattern: /--[^\s]/y, take: unreadable('two minus signs that are no comment') },
    COMMENT_WITH_RETURN,
    LINE_COMMENT,
    { pattern: /#[^\n\r]*/y, take: blank },
    { pattern: /\/\*[!+M]/y, take: unreadable('a comment that is executed') },
    NESTED_COMMENT,
    COMMENT,
    OPEN_COMMENT,
    // Whether a backslash escapes, and whether double quotes name things, is a setting of the server.
    { pattern: /[nN]?'(?:[^'\\]|'')*\\|"(?:[^"\\]|"")*\\/y, take: unreadable('a backslash in a literal') },
    { pattern: /@/y, take: unreadable('a variable') },
    NAME_WITH_DIGITS,
    STRING,
    { ...NAME, take: (match) => ({ kind: 'name', text: (match[1] ?? '').replaceAll('""', '"'), ambiguous: true }) },
    BACKTICKS,
    ...COMMON,
  ],
  sqlite: [
    COMMENT_WITH_RETURN,
    LINE_COMMENT,
    NESTED_COMMENT,
    COMMENT,
    OPEN_COMMENT,
    STRING,
    NAME,
    BACKTICKS,
    BRACKETS,
    ...COMMON,
  ],
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
      if (token !== undefined) tokens.push(isQualified(tokens, token) ? { ...token, kind: 'name' } : token);
      at = pattern.lastIndex;
      break;
    }
  }
  return tokens;
}

/** After a period even a keyword is a name. */
function isQualified(before: readonly SqlToken[], { kind }: SqlToken): boolean {
  const last = before.at(-1);
  return kind === 'word' && last?.kind === 'symbol' && last.text === '.';
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
