import { isName, isSymbol, isWord, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { type Level, OpenExpressions, openLevel, usingMutation, withClause } from './levels.js';

/** A table, view or common table expression where a statement reads from it. */
export interface SqlRelation {
  /** As it is written, without its schema. */
  readonly name: string;
  /** Its schema, if it is written. */
  readonly schema: string | undefined;
  /** What the rest of the statement calls it. */
  readonly alias: string;
  /** Whether it is in the outermost `from`, in no bracket. */
  readonly outermost: boolean;
  /** Whether it gives its columns other names. */
  readonly renames: boolean;
  /** Whether it certainly is a common table expression. */
  readonly expression: boolean;
}

/** A column with what it belongs to: `users.name`. */
export interface SqlColumn {
  /** `undefined`: some other expression, as in `(users).name`. */
  readonly qualifier: string | undefined;
  readonly column: string;
}

/** What one statement reads from. */
export interface SqlRelations {
  /** One for each time that a relation is named. */
  readonly relations: readonly SqlRelation[];
  /** Whatever may be a qualified column. */
  readonly columns: readonly SqlColumn[];
  /** The names of what stands in brackets: queries, and relations that are joined. */
  readonly derived: ReadonlySet<string>;
  /** Why there may be more, if there may. */
  readonly unknown: string | undefined;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const BEFORE_RELATION = words('only lateral table');
/** They end a list of relations. */
const ENDINGS = words(
  'where group having window union intersect except order limit offset fetch for returning select set values',
);
/** Some databases let columns have the names of such words. After these words, and operators, an operand is due. */
const BEFORE_OPERAND = words(
  'on and or not by in is like ilike between when then else case xor escape collate match glob regexp rlike div mod of zone binary interval',
);
/** Words that may follow the alias of a relation. */
const AFTER_ALIAS = words(
  'join inner left right full outer cross natural straight_join on using indexed not use force ignore',
);
const NO_ALIASES: ReadonlySet<string> = new Set([
  ...ENDINGS,
  ...words(
    'on using join inner left right full outer cross natural lateral tablesample straight_join use force ignore partition index with not indexed when from minus',
  ),
]);

/**
 * Finds what the statement in `tokens` reads from, by the places where relations stand: after `from`, `join` and the
 * `using` of a `delete` or `merge`, and after commas there.
 *
 * The list is complete unless it says that something is unknown. It may name common table expressions as well.
 */
export function relationsIn(tokens: readonly SqlToken[]): SqlRelations {
  const relations: SqlRelation[] = [];
  const columns: SqlColumn[] = [];
  const derived = new Set<string>();
  const levels: Level[] = [openLevel(tokens, -1, undefined)];
  const expressions = new OpenExpressions();
  const unknown = (why: string): SqlRelations => ({ relations, columns, derived, unknown: why });

  for (let at = 0; at < tokens.length; at++) {
    const level = levels.at(-1);
    const token = tokens[at];
    if (level === undefined || token === undefined) return unknown('brackets that do not match');
    if (isSymbol(token, '(')) {
      levels.push(openLevel(tokens, at, level));
      level.expecting = false;
    } else if (isSymbol(token, ')')) {
      if (level.expecting) return unknown('a table is missing');
      levels.pop();
      expressions.close(level);
      const alias = aliasAfter(tokens, at);
      if (alias !== undefined) derived.add(alias);
    } else if (isSymbol(token, ',')) {
      if (level.expecting) return unknown('a table is missing');
      level.expecting = level.listing;
    } else if (level.expecting && isName(token) && !isWordOf(token, BEFORE_RELATION)) {
      if (isWordOf(token, ENDINGS) || isWord(token, 'from')) return unknown(`${token.text} where a table was expected`);
      at = relationAt(tokens, at, levels.length === 1, expressions, relations);
      level.expecting = false;
    } else if (token.kind === 'word') {
      if (isWordOf(token, ENDINGS) && level.listing) {
        if (isOperand(tokens, at)) return unknown(`${token.text} as the name of a column`);
        if (!beginsClause(tokens, at)) return unknown(`${token.text} as a name`);
        level.listing = false;
      }
      if (token.text === 'with') withClause(tokens, at, level, expressions);
      else if (token.text === 'join' || token.text === 'straight_join') level.expecting = true;
      else if (token.text === 'in' && !level.position && /^(name|word|string)$/.test(tokens[at + 1]?.kind ?? '')) {
        // SQLite: `a in b`. No alias may follow.
        const next = tokens[at + 1];
        if (next === undefined || !isName(next)) return unknown('a table name in the quotes of a string');
        at = memberAt(tokens, at + 1, expressions, relations);
      } else if (token.text === 'using' && level.mutation !== undefined) {
        // A `merge` reads from one table, and what it sets is a list as well.
        level.listing = level.mutation === 'delete';
        level.expecting = true;
        level.mutation = undefined;
      } else if (token.text === 'table' && !isWord(tokens[at - 1], 'as')) level.expecting = true;
      else if (token.text === 'from' && isClause(tokens, at, level)) {
        level.listing = true;
        level.expecting = true;
      } else level.mutation = usingMutation(tokens, at) ?? level.mutation;
    } else if (level.expecting) return unknown(`${token.text} where a table was expected`);
    if (isSymbol(tokens[at + 1], '.') && isName(tokens[at + 2])) columns.push(...columnAfter(tokens, at));
  }
  if (levels.length !== 1) return unknown('brackets that do not match');
  return levels[0]?.expecting ? unknown('a table is missing') : { relations, columns, derived, unknown: undefined };
}

function isWordOf({ kind, text }: SqlToken, set: ReadonlySet<string>): boolean {
  return kind === 'word' && set.has(text);
}

/** What the bracket that ends at `at` is called; `distinct on (a) b.c` does not name it. */
function aliasAfter(tokens: readonly SqlToken[], at: number): string | undefined {
  const place = isWord(tokens[at + 1], 'as') ? at + 2 : at + 1;
  const alias = tokens[place];
  if (alias === undefined || !isName(alias) || isWordOf(alias, NO_ALIASES)) return undefined;
  return isSymbol(tokens[place + 1], '.') ? undefined : alias.text;
}

/** Whether an operand is due at `at`, so that a word there is a name. */
function isOperand(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return false;
  if (before.kind === 'symbol') return !/^[)\]*?]$/.test(before.text);
  return isWordOf(before, BEFORE_OPERAND);
}

/**
 * Whether the word at `at`, which may end a list of relations, does: databases take some of them for the name of a relation, too, as
 * in `from users set, posts`.
 */
function beginsClause(tokens: readonly SqlToken[], at: number): boolean {
  const [next, following] = [tokens[at + 1], wordAt(tokens, at + 1)];
  switch (tokens[at]?.text) {
    // Reserved in PostgreSQL, MySQL and SQLite.
    case 'where':
    case 'having':
    case 'limit':
    case 'select':
    case 'union':
      return true;
    case 'set':
      return isWord(tokens[at - 1], 'update');
    case 'values':
      return false;
    case 'for':
      return /^(update|share|no|key|read|system_time|portion)$/.test(following);
    case 'fetch':
      return /^(first|next)$/.test(following);
    case 'window':
      return isName(next) && isWord(tokens[at + 2], 'as');
    case 'group':
    case 'order':
      return following === 'by';
    default:
      return next?.kind === 'symbol' ? /^[(?$:@+~[{*-]$/.test(next.text) : !AFTER_ALIAS.has(following);
  }
}

/** Reads the table after the `in` at `at`. @returns The last token that belongs to its name. */
function memberAt(tokens: readonly SqlToken[], at: number, expressions: OpenExpressions, into: SqlRelation[]): number {
  let end = at;
  while (isSymbol(tokens[end + 1], '.') && isName(tokens[end + 2])) end += 2;
  if (isSymbol(tokens[end + 1], '(')) return end;
  const name = tokens[end]?.text ?? '';
  const schema = end > at ? tokens[end - 2]?.text : undefined;
  const expression = end === at && expressions.has(name, at);
  into.push({ name, schema, alias: name, outermost: false, renames: false, expression });
  return end;
}

/** `is distinct from` compares, and some calls have a `from` of their own. */
function isClause(tokens: readonly SqlToken[], at: number, level: Level): boolean {
  if (level.call) return false;
  return !(isWord(tokens[at - 1], 'distinct') && /^(is|not)$/.test(wordAt(tokens, at - 2)));
}

/** Reads a relation whose name begins at `at`. @returns The last token that belongs to it. */
function relationAt(
  tokens: readonly SqlToken[],
  at: number,
  outermost: boolean,
  expressions: OpenExpressions,
  into: SqlRelation[],
): number {
  let end = at;
  while (isSymbol(tokens[end + 1], '.') && isName(tokens[end + 2])) end += 2;
  // A function: its arguments are looked through like everything else.
  if (isSymbol(tokens[end + 1], '(')) return end;
  const name = tokens[end]?.text ?? '';
  let last = isSymbol(tokens[end + 1], '*') ? end + 1 : end;
  const marked = isWord(tokens[last + 1], 'as');
  const alias = tokens[last + (marked ? 2 : 1)];
  const aliased =
    alias !== undefined && isName(alias) && (marked || alias.kind === 'name' || !NO_ALIASES.has(alias.text));
  if (aliased) last += marked ? 2 : 1;
  into.push({
    name,
    schema: end > at ? tokens[end - 2]?.text : undefined,
    alias: aliased ? alias.text : name,
    outermost,
    renames: aliased && isSymbol(tokens[last + 1], '('),
    expression: end === at && expressions.has(name, at),
  });
  return last;
}

/** The column after the period that follows `at`, if it may be one: `schema.users.name` ends in `users.name`. */
function columnAfter(tokens: readonly SqlToken[], at: number): readonly SqlColumn[] {
  const [token, column, next] = [tokens[at], tokens[at + 2], tokens[at + 3]];
  if (column === undefined || isSymbol(next, '(') || (isSymbol(next, '.') && isName(tokens[at + 4]))) return [];
  return [{ qualifier: isName(token) ? token?.text : undefined, column: column.text }];
}
