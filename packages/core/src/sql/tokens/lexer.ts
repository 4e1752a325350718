import { decodeEscapes, decodeUnicodeEscapes } from './escapes.js';
import { type SqlToken, UnreadableSqlError } from './token.js';

/** What the tokenizer needs of a string. Each method takes time in proportion to the characters that it passes. */
export type SqlSource = Pick<string, 'length' | 'charAt' | 'indexOf' | 'slice'>;

export type Quote = "'" | '"' | '`';

/**
 * Reads SQL from its beginning to its end, and never goes back: every method either consumes what it looked at, or looked
 * at a few characters only.
 *
 * It uses no regular expression on the whole SQL: those need stack for each character of a long literal, and some backtrack.
 */
export class SqlLexer {
  readonly tokens: SqlToken[] = [];
  #at = 0;
  readonly #source: SqlSource;
  /** The last token, if it is a literal with escapes. */
  #escaped: SqlToken | undefined;

  constructor(source: SqlSource) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  /** The character that is `ahead` of the next one; empty after the end. */
  peek(ahead = 0): string {
    return this.#source.charAt(this.#at + ahead);
  }

  /** Takes the next `length` characters as a token. */
  take(kind: SqlToken['kind'], length: number): void {
    this.#push({ kind, text: this.#source.slice(this.#at, this.#at + length) });
    this.#at += length;
  }

  skipBlanks(): void {
    while (isBlank(this.peek())) this.#at += 1;
  }

  /** Skips to the end of the line. @param certain - Whether databases agree that a carriage return ends it. */
  skipLineComment(certain: boolean): void {
    while (!this.isAtEnd && this.peek() !== '\n' && this.peek() !== '\r') this.#at += 1;
    // PostgreSQL ends such a comment there, other databases go on to the end of the line.
    if (!certain && this.peek() === '\r' && this.peek(1) !== '\n')
      throw new UnreadableSqlError('a carriage return in a comment');
  }

  skipComment(): void {
    const end = this.#source.indexOf('*/', this.#at + 2);
    if (end < 0) throw new UnreadableSqlError('an unterminated comment');
    const inner = this.#source.indexOf('/*', this.#at + 2);
    // Nested comments end elsewhere in one database than in another.
    if (inner >= 0 && inner < end) throw new UnreadableSqlError('a nested comment');
    this.#at = end + 2;
  }

  /** Takes what is between two `quote`s that begin after `prefix` characters; a doubled one is part of the content. */
  takeQuoted(kind: 'string' | 'name', quote: Quote, prefix = 0): SqlToken {
    const content = this.#quoted(quote, prefix).replaceAll(quote + quote, quote);
    return this.#push({ kind, text: content });
  }

  /** Takes a string of PostgreSQL, which continues after a line break by the rules of its first part. */
  takeContinuedString(prefix: number): void {
    const before = this.tokens.at(-1);
    if (prefix > 0 || before?.kind !== 'string') {
      this.takeQuoted('string', "'", prefix);
      return;
    }
    if (before === this.#escaped) throw new UnreadableSqlError('an escape string continued on the next line');
    this.tokens.pop();
    this.#push({ kind: 'string', text: before.text + this.#quoted("'", 0).replaceAll("''", "'") });
  }

  /** Takes a literal with its quotes: `b'01'`. */
  takeVerbatim(prefix: number): void {
    const start = this.#at;
    this.#quoted("'", prefix);
    this.#push({ kind: 'string', text: this.#source.slice(start, this.#at) });
  }

  /** `e'it\'s'`. */
  takeEscaped(): void {
    const start = this.#at + 2;
    this.#at = start;
    while (this.peek() !== "'" || this.peek(1) === "'") {
      if (this.isAtEnd) throw new UnreadableSqlError('an unterminated quote');
      this.#at += this.peek() === '\\' || this.peek() === "'" ? 2 : 1;
    }
    this.#escaped = this.#push({ kind: 'string', text: decodeEscapes(this.#source.slice(start, this.#at)) });
    this.#at += 1;
  }

  /** Takes `u&"d\0061ta"`, whose escapes begin with a backslash unless `uescape` follows. */
  takeUnicode(): void {
    const quote = this.peek(2) === '"' ? '"' : "'";
    const text = decodeUnicodeEscapes(this.#quoted(quote, 2).replaceAll(quote + quote, quote));
    this.#escaped = this.#push({ kind: quote === '"' ? 'name' : 'string', text });
  }

  /** `$tag$ … $tag$`; there is nothing else that begins like this. @param tag - How long the first mark is. */
  takeDollarQuoted(tag: number): void {
    const mark = this.#source.slice(this.#at, this.#at + tag);
    const end = this.#source.indexOf(mark, this.#at + tag);
    if (end < 0) throw new UnreadableSqlError('an unterminated quote');
    this.#push({ kind: 'string', text: this.#source.slice(this.#at + tag, end) });
    this.#at = end + tag;
  }

  /** `[a name]`. */
  takeBracketed(): void {
    const end = this.#source.indexOf(']', this.#at);
    if (end < 0) throw new UnreadableSqlError('an unterminated quote');
    this.#push({ kind: 'name', text: this.#source.slice(this.#at + 1, end) });
    this.#at = end + 1;
  }

  takeWord(): void {
    let length = 1;
    while (isNamePart(this.peek(length))) length += 1;
    const written = this.#source.slice(this.#at, this.#at + length);
    if (/[\s\u0085\u200b\ufeff]/.test(written)) throw new UnreadableSqlError('an unsupported whitespace character');
    // Databases fold the case of ASCII for certain only.
    const text = written.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    if (text === 'uescape' && this.#escaped !== undefined && this.#escaped === this.tokens.at(-1))
      throw new UnreadableSqlError('Unicode escapes with `uescape`');
    // After a period even a keyword is a name.
    const before = this.tokens.at(-1);
    this.#push({ kind: before?.kind === 'symbol' && before.text === '.' ? 'name' : 'word', text });
    this.#at += length;
  }

  takeNumber(): void {
    this.take('number', this.numberLength());
  }

  /** How long the number is that begins here: `12`, `1.5e-3`, `.5`. */
  numberLength(): number {
    let length = this.#digitsFrom(0);
    if (this.peek(length) === '.') length = this.#digitsFrom(length + 1);
    if (!/^[eE]$/.test(this.peek(length))) return length;
    const exponent = /^[+-]$/.test(this.peek(length + 1)) ? length + 2 : length + 1;
    return isDigit(this.peek(exponent)) ? this.#digitsFrom(exponent) : length;
  }

  #digitsFrom(ahead: number): number {
    let length = ahead;
    while (isDigit(this.peek(length))) length += 1;
    return length;
  }

  /** The content of a literal, with its doubled quotes; moves to the end of the literal. */
  #quoted(quote: Quote, prefix: number): string {
    const start = this.#at + prefix + 1;
    let end = this.#source.indexOf(quote, start);
    while (end >= 0 && this.#source.charAt(end + 1) === quote) end = this.#source.indexOf(quote, end + 2);
    if (end < 0) throw new UnreadableSqlError('an unterminated quote');
    this.#at = end + 1;
    return this.#source.slice(start, end);
  }

  #push(token: SqlToken): SqlToken {
    this.tokens.push(token);
    return token;
  }
}

export function isBlank(character: string): boolean {
  return character !== '' && ' \t\n\r\f\v'.includes(character);
}

export function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

/** Databases take every character that is not ASCII for a part of a name. */
export function isNameStart(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    character === '_' ||
    character >= '\u0080'
  );
}

export function isNamePart(character: string): boolean {
  return isNameStart(character) || isDigit(character) || character === '$';
}
