import { UnreadableSqlError } from './token.js';

const ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))|''/g;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The content of PostgreSQL's `e'…'`, decoded. Bytes that are not ASCII depend on its encoding, and become U+FFFD. */
export function decodeEscapes(content: string): string {
  return content.replace(
    ESCAPE,
    (_, hex?: string, octal?: string, short?: string, long?: string, character?: string): string => {
      if (hex !== undefined) return byte(Number.parseInt(hex, 16));
      if (octal !== undefined) return byte(Number.parseInt(octal, 8));
      const point = short ?? long;
      if (point !== undefined) return codePoint(point);
      return character === undefined ? "'" : (CONTROLS[character] ?? character);
    },
  );
}

/** The content of PostgreSQL's `u&'…'` and `u&"…"`, decoded. */
export function decodeUnicodeEscapes(content: string): string {
  return content.replace(
    /\\(?:([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|(\\)|)/g,
    (_, short?: string, long?: string, backslash?: string): string => {
      if (backslash !== undefined) return backslash;
      const point = short ?? long;
      if (point === undefined) throw new UnreadableSqlError('an invalid Unicode escape');
      return codePoint(point);
    },
  );
}

function byte(value: number): string {
  return value < 0x80 ? String.fromCharCode(value) : '\ufffd';
}

function codePoint(hex: string): string {
  const value = Number.parseInt(hex, 16);
  if (value > 0x10ffff) throw new UnreadableSqlError('an invalid Unicode escape');
  return String.fromCodePoint(value);
}
