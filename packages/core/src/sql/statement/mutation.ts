import { closing, isName, isSymbol, isWord, listIn, outside, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { equalitiesIn, type SqlEquality } from './conditions.js';
import { type SqlParameters, type SqlValue, valueAt } from './values.js';

/** What can be derived with certainty about the rows that one `insert`, `update` or `delete` writes. */
export interface SqlMutation {
  readonly verb: 'insert' | 'update' | 'delete';
  /** The table, as it is written, without its schema. */
  readonly table: string;
  /** What its conditions call it. */
  readonly alias: string;
  /** Whether its conditions may be about other tables too. */
  readonly joins: boolean;
  /** For an insert, the values of each row by column; `undefined`: they come from a query. */
  readonly rows: readonly ReadonlyMap<string, SqlValue>[] | undefined;
  /** The columns that it sets: those of `update`, or of what it does on a conflict. `undefined`: any. */
  readonly touched: readonly string[] | undefined;
  /** Of those, the ones whose new value is known. */
  readonly set: ReadonlyMap<string, SqlValue>;
  /** Whether an insert may change rows that exist. */
  readonly upserts: boolean;
  readonly where: readonly SqlEquality[];
  /** The columns that it returns, by their place; `undefined` for anything else than a column. Absent: it returns none. */
  readonly returning: readonly (string | undefined)[] | undefined;
}

/** Reads the mutation in `tokens`; `undefined` if it is none, or more than one, or of a form that is not certain. */
export function mutationIn(tokens: readonly SqlToken[], parameters: SqlParameters): SqlMutation | undefined {
  const verb = wordAt(tokens, 0);
  const begins = verb === 'insert' ? 'into' : verb === 'delete' ? 'from' : undefined;
  if (verb !== 'insert' && verb !== 'update' && verb !== 'delete') return undefined;
  if (begins !== undefined && !isWord(tokens[1], begins)) return undefined;
  let name = begins === undefined ? 1 : 2;
  if (!isName(tokens[name]) || isWord(tokens[name], 'only')) return undefined;
  while (isSymbol(tokens[name + 1], '.') && isName(tokens[name + 2])) name += 2;
  if (isOfPortion(tokens, name)) return undefined;
  const table = tokens[name]?.text ?? '';
  const words = (pattern: RegExp) =>
    outside(tokens, 0, tokens.length, ({ kind, text }) => kind === 'word' && pattern.test(text));
  const returning = words(/^returning$/);
  if (verb === 'insert') {
    const own: Named = { table, alias: table, joins: false };
    return {
      verb,
      ...own,
      returning: returned(tokens, returning, own),
      where: [],
      ...inserted(tokens, parameters, name),
    };
  }

  const [set] = words(/^set$/);
  const named: Named = {
    table,
    alias: aliasAt(tokens, name + 1) ?? table,
    joins:
      verb === 'update' ? joinsBefore(tokens, words, set) : joinsBefore(tokens, words, words(/^(where|returning)$/)[0]),
  };
  const assigned =
    verb === 'update' ? assignments(tokens, parameters, set === undefined ? tokens.length : set + 1) : NOTHING;
  return {
    verb,
    ...named,
    rows: undefined,
    ...assigned,
    upserts: false,
    where: equalitiesIn(tokens, parameters),
    returning: returned(tokens, returning, named),
  };
}

/** MariaDB's `delete from a for portion of b`: of a row that reaches beyond the portion, new rows keep what is outside of it. */
function isOfPortion(tokens: readonly SqlToken[], name: number): boolean {
  return isWord(tokens[name + 1], 'for') && isWord(tokens[name + 2], 'portion');
}

type Named = Pick<SqlMutation, 'table' | 'alias' | 'joins'>;

/** What the table before `name` is called, if it is not called by its name. */
function aliasAt(tokens: readonly SqlToken[], name: number): string | undefined {
  // On PostgreSQL `users * as u` means `users as u`.
  const at = isSymbol(tokens[name], '*') ? name + 1 : name;
  const marked = isWord(tokens[at], 'as');
  const alias = tokens[marked ? at + 1 : at];
  if (alias === undefined || !isName(alias)) return undefined;
  return marked || !/^(set|where|using|from|returning|order|limit)$/.test(wordAt(tokens, at)) ? alias.text : undefined;
}

/** Whether other tables are named, before `end` by commas. */
function joinsBefore(
  tokens: readonly SqlToken[],
  words: (pattern: RegExp) => readonly number[],
  end: number | undefined,
): boolean {
  const verb = wordAt(tokens, 0);
  return (
    words(verb === 'update' ? /^(from|join|straight_join)$/ : /^(using|join|straight_join)$/).length > 0 ||
    outside(tokens, 0, end ?? tokens.length, (token) => isSymbol(token, ',')).length > 0
  );
}

const NOTHING = { touched: [], set: new Map<string, SqlValue>() } as const;

type Inserted = Pick<SqlMutation, 'rows' | 'touched' | 'set' | 'upserts'>;

function inserted(tokens: readonly SqlToken[], parameters: SqlParameters, name: number): Inserted {
  const open = name + 1;
  const close = closing(tokens, open);
  const values = close + 1;
  const after = (from: number): number =>
    outside(tokens, from, tokens.length, ({ kind, text }) => kind === 'word' && /^(on|returning)$/.test(text))[0] ??
    tokens.length;
  const updates = tokens.some((token, at) => isWord(token, 'update') && /^(do|key)$/.test(wordAt(tokens, at - 1)));
  const sets = outside(tokens, 0, tokens.length, (token) => isWord(token, 'set'));
  const [set, ...others] = sets.filter((at) => isWord(tokens[at - 1], 'update'));
  // SQLite may have one for each key.
  const certain = set !== undefined && others.length === 0;
  const conflict = certain ? assignments(tokens, parameters, set + 1) : { touched: undefined };
  const upsert = { upserts: updates, touched: updates ? conflict.touched : [], set: NOTHING.set };
  if (!isSymbol(tokens[open], '(') || !isWord(tokens[values], 'values')) return { rows: undefined, ...upsert };

  const columns = listIn(tokens, open + 1, close).map(([from, to]) =>
    to === from + 1 ? tokens[from]?.text : undefined,
  );
  if (!areDistinct(columns)) return { rows: undefined, ...upsert };
  const list = listIn(tokens, values + 1, after(values + 1));
  // After the values there may be a query whose rows are inserted as well.
  if (list.some(([from, to]) => !isSymbol(tokens[from], '(') || closing(tokens, from) < to - 1))
    return { rows: undefined, ...upsert };
  const rows = list.map(([from, to]) => {
    const row = new Map<string, SqlValue>();
    const cells = listIn(tokens, from + 1, Math.min(closing(tokens, from), to));
    cells.forEach(([start, end], place) => {
      const column = columns[place];
      const value = valueAt(tokens, parameters, start, end);
      if (column !== undefined && value !== undefined) row.set(column, value);
    });
    return row;
  });
  return { rows, ...upsert };
}

/** `a = …, b = …` from `start` on. */
function assignments(
  tokens: readonly SqlToken[],
  parameters: SqlParameters,
  start: number,
): Pick<SqlMutation, 'touched' | 'set'> {
  const ends = outside(
    tokens,
    start,
    tokens.length,
    ({ kind, text }) => kind === 'word' && /^(where|returning|order|limit|from)$/.test(text),
  );
  // `is distinct from` compares.
  const end = ends.find((at) => !isWord(tokens[at - 1], 'distinct')) ?? tokens.length;
  // Where an assignment should begin, it is the name of a column.
  if (end === start || isSymbol(tokens[end - 1], ',')) return { touched: undefined, set: new Map() };
  const touched: string[] = [];
  const set = new Map<string, SqlValue>();
  for (const [from, to] of listIn(tokens, start, end)) {
    const column = tokens[from];
    // On PostgreSQL a period leads into a column: `address.id` is no `id`.
    if (column === undefined || !isName(column) || !isSymbol(tokens[from + 1], '=')) {
      return { touched: undefined, set: new Map() };
    }
    touched.push(column.text);
    const value = valueAt(tokens, parameters, from + 2, to);
    if (value !== undefined) set.set(column.text, value);
  }
  return { touched: touched.length === 0 ? undefined : touched, set: areDistinct(touched) ? set : new Map() };
}

/** Whether each of `columns` is certainly another one: SQLite takes one twice, and calls the key by other names as well. */
function areDistinct(columns: readonly (string | undefined)[]): boolean {
  const names = columns.map((column) => column?.toLowerCase());
  return new Set(names).size === names.length && !names.some((name) => /^(rowid|_rowid_|oid)$/.test(name ?? ''));
}

function returned(
  tokens: readonly SqlToken[],
  [at, ...others]: readonly number[],
  { alias, joins }: Named,
): readonly (string | undefined)[] | undefined {
  if (at === undefined) return undefined;
  if (others.length > 0) return [];
  const end = isSymbol(tokens.at(-1), ';') ? tokens.length - 1 : tokens.length;
  const list = listIn(tokens, at + 1, end);
  // A star stands for any number of columns: the places after it are unknown.
  const star = list.findIndex(([, to]) => isSymbol(tokens[to - 1], '*'));
  return list.map(([from, to], place) => {
    if (star >= 0 && place >= star) return undefined;
    let name = from;
    while (isSymbol(tokens[name + 1], '.') && isName(tokens[name + 2])) name += 2;
    if (to !== name + 1 || !isName(tokens[name])) return undefined;
    const isOwn = name === from ? !joins : tokens[name - 2]?.text === alias && (name === from + 2 || !joins);
    return isOwn ? tokens[name]?.text : undefined;
  });
}
