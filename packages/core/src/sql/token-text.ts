import type { SqlToken } from './sql-tokens.js';

export function isSymbol(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

export function isWord(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

/** Whether it may name something: a name in quotes, or a word. */
export function isName(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name';
}

/** The word at `at`; empty if there is something else. */
export function wordAt(tokens: readonly SqlToken[], at: number): string {
  const token = tokens[at];
  return token?.kind === 'word' ? token.text : '';
}

/** The bracket that closes the one at `open`; the end if there is none. */
export function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isSymbol(tokens[at], '(')) depth += 1;
    else if (isSymbol(tokens[at], ')')) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return tokens.length;
}

/** The bracket that the one at `close` closes; -1 if there is none. */
export function opening(tokens: readonly SqlToken[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (isSymbol(tokens[at], ')')) depth += 1;
    else if (isSymbol(tokens[at], '(')) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** Where in `[from, to)` the tokens stand that `isWanted` and are in no bracket of it. */
export function outside(
  tokens: readonly SqlToken[],
  from: number,
  to: number,
  isWanted: (token: SqlToken) => boolean,
): readonly number[] {
  const found: number[] = [];
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (isWanted(token)) found.push(at);
    if (isSymbol(token, '(')) at = closing(tokens, at);
  }
  return found;
}

/** `[from, to)` cut at the commas that are in no bracket of it. */
export function listIn(
  tokens: readonly SqlToken[],
  from: number,
  to: number,
): readonly (readonly [from: number, to: number])[] {
  const commas = outside(tokens, from, to, (token) => isSymbol(token, ','));
  const starts = [from, ...commas.map((comma) => comma + 1)];
  return starts.map((start, index) => [start, commas[index] ?? to] as const);
}
