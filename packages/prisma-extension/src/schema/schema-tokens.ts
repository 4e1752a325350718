/** One piece of a Prisma schema. Newlines matter: they end a field. */
export interface SchemaToken {
  readonly kind: 'word' | 'string' | 'mark' | 'newline';
  /** A string's content without its quotes, escapes resolved; otherwise the text itself. */
  readonly text: string;
}

const TOKEN =
  /(?<blank>[ \t\r\f\v\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<newline>\n)|(?<string>"(?:[^"\\\n]|\\.)*")|(?<word>[\p{L}\p{N}_][\p{L}\p{N}_\-.]*)|(?<mark>@@|[\s\S])/uy;

/** Splits `text` into tokens, without blanks and comments. */
export function schemaTokens(text: string): readonly SchemaToken[] {
  const tokens: SchemaToken[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const { newline, string, word, mark } = match.groups ?? {};
    if (newline !== undefined) tokens.push({ kind: 'newline', text: newline });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unquote(string) });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, letter: string | undefined) =>
      code !== undefined ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[letter ?? ''] ?? letter ?? ''),
    );
}
