import type { SqlToken } from './tokenizer.js';

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
  return partnersIn(tokens).get(open) ?? tokens.length;
}

/** The bracket that the one at `close` closes; -1 if there is none. */
export function opening(tokens: readonly SqlToken[], close: number): number {
  return partnersIn(tokens).get(close) ?? -1;
}

/** For each bracket its partner. Computed once: the analysis of one statement needs the same brackets many times. */
function partnersIn(tokens: readonly SqlToken[]): ReadonlyMap<number, number> {
  const known = PARTNERS.get(tokens);
  if (known !== undefined) return known;
  const partners = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, at) => {
    if (isSymbol(token, '(')) open.push(at);
    if (!isSymbol(token, ')')) return;
    const partner = open.pop();
    if (partner === undefined) return;
    partners.set(partner, at);
    partners.set(at, partner);
  });
  PARTNERS.set(tokens, partners);
  return partners;
}

const PARTNERS = new WeakMap<readonly SqlToken[], ReadonlyMap<number, number>>();

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
