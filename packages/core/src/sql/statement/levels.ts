import { closing, isName, isSymbol, isWord, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';

/** Calls whose arguments have a `from` that names no table. */
const FROM_IN_CALLS: ReadonlySet<string> = new Set(['extract', 'substring', 'substr', 'trim', 'overlay', 'btrim']);

/** What is being read between one bracket and its end. */
export interface Level {
  /** Within a list of relations. */
  listing: boolean;
  /** The next name is a relation. */
  expecting: boolean;
  /** Within a call whose `from` is no clause. */
  readonly call: boolean;
  /** Within a call whose `in` is no condition: `position('a' in b)`. */
  readonly position: boolean;
  /** Of a `delete` or `merge` whose `using` is still to come. */
  mutation: 'delete' | 'merge' | undefined;
  /** The names of its common table expressions. */
  readonly expressions: Set<string>;
}

/** The common table expressions of all levels that are open. */
export class OpenExpressions {
  /** By name: the token after which it is known, for each level the first of its own and those around it. */
  readonly #known = new Map<string, number[]>();

  /** Notes that a level has an expression `name`, which is known after the token at `from`. */
  add({ expressions }: Level, name: string, from: number): void {
    expressions.add(name);
    const known = this.#known.get(name) ?? [];
    known.push(Math.min(from, known.at(-1) ?? from));
    this.#known.set(name, known);
  }

  close({ expressions }: Level): void {
    for (const name of expressions) this.#known.get(name)?.pop();
  }

  /** Whether `name` at the token `at` certainly is one of them. */
  has(name: string, at: number): boolean {
    return (this.#known.get(name)?.at(-1) ?? at) < at;
  }
}

/** What the bracket at `at` begins in `outer`; the whole statement where there is none. */
export function openLevel(tokens: readonly SqlToken[], at: number, outer: Level | undefined): Level {
  const first = wordAt(tokens, at + 1);
  const call = FROM_IN_CALLS.has(wordAt(tokens, at - 1)) && first !== 'select';
  // Brackets instead of a relation hold a query, or relations that are joined.
  const joined = outer?.expecting === true && !/^(select|with|values|table)$/.test(first);
  return {
    listing: joined,
    expecting: joined,
    call: call && outer?.expecting !== true,
    position: isWord(tokens[at - 1], 'position') && outer?.expecting !== true,
    mutation: undefined,
    expressions: new Set(),
  };
}

/**
 * Notes the common table expressions of the `with` at `at`.
 *
 * Before its own end an expression is known only if the clause is recursive; before its beginning, not for certain.
 */
export function withClause(tokens: readonly SqlToken[], at: number, level: Level, open: OpenExpressions): void {
  const recursive = isWord(tokens[at + 1], 'recursive');
  for (let name = recursive ? at + 2 : at + 1; ; ) {
    const body = bodyOf(tokens, name);
    const { text } = tokens[name] ?? { text: '' };
    if (body === undefined || level.expressions.has(text)) return;
    const end = closing(tokens, body);
    open.add(level, text, recursive ? body : end);
    // `search … set …` and `cycle … using …` may follow.
    for (name = end + 1; !isSymbol(tokens[name], ','); name++) {
      if (tokens[name] === undefined || isSymbol(tokens[name], '(') || isSymbol(tokens[name], ')')) return;
      if (/^(select|insert|update|delete|merge|values|table|replace)$/.test(wordAt(tokens, name))) return;
    }
    name += 1;
  }
}

const DELETE_NOISE = /^(low_priority|quick|ignore)$/;

/** The mutation that the word at `at` begins, if its tables may follow `using`: `delete from a using b`. */
export function usingMutation(tokens: readonly SqlToken[], at: number): 'delete' | 'merge' | undefined {
  const before = tokens[at - 1];
  if (before !== undefined && !isSymbol(before, '(') && !isSymbol(before, ')')) return undefined;
  if (isWord(tokens[at], 'merge') && isWord(tokens[at + 1], 'into')) return 'merge';
  if (!isWord(tokens[at], 'delete')) return undefined;
  let next = at + 1;
  while (next < at + 4 && DELETE_NOISE.test(wordAt(tokens, next))) next += 1;
  // `delete a from b join c using (id)` names columns there.
  return isWord(tokens[next], 'from') ? 'delete' : undefined;
}

/** Where the statement of the common table expression at `at` begins: `x as (`, `x (a, b) as not materialized (`. */
export function bodyOf(tokens: readonly SqlToken[], at: number): number | undefined {
  if (!isName(tokens[at])) return undefined;
  let next = isSymbol(tokens[at + 1], '(') ? closing(tokens, at + 1) + 1 : at + 1;
  if (!isWord(tokens[next], 'as')) return undefined;
  next += 1;
  while (isWord(tokens[next], 'not') || isWord(tokens[next], 'materialized')) next += 1;
  return isSymbol(tokens[next], '(') ? next : undefined;
}
