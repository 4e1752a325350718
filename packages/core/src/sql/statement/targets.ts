import { closing, isName, isSymbol, isWord, wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';
import { relationsIn } from './relations.js';

/** What a statement says that it does to a table. */
export interface SqlTarget {
  /** As it is written, without its schema. */
  readonly name: string;
  /** The schema that is written before it. */
  readonly schema?: string | undefined;
  /** `refresh`: a materialized view is filled again. `define`: a table or view gets this name. */
  readonly verb: 'insert' | 'update' | 'delete' | 'merge' | 'replace' | 'truncate' | 'refresh' | 'define';
  /** The columns that an update sets, in lower case; `undefined`: cannot be determined. */
  readonly columns?: readonly string[] | undefined;
  /** A truncation that takes the tables along which reference this one. */
  readonly cascades?: boolean | undefined;
}

interface Noise {
  readonly insert: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
}

/** The words between a verb and its table. To PostgreSQL most of them are names. */
const NOISE_OF_POSTGRESQL: Noise = { insert: ['into'], update: ['only'], delete: ['from', 'only'] };
const NOISE: Noise = {
  insert: 'or replace ignore abort fail rollback low_priority delayed high_priority into'.split(' '),
  update: 'or replace ignore abort fail rollback low_priority only'.split(' '),
  delete: 'low_priority quick ignore from only'.split(' '),
};
const MERGE_NOISE = ['into', 'only'];

/** What the mutations in `tokens` write to: the statement itself, and those in its `with`. */
export function targetsIn(tokens: readonly SqlToken[], provider: string | undefined): readonly SqlTarget[] {
  const targets: SqlTarget[] = [];
  const noise = provider === 'mysql' || provider === 'sqlite' ? NOISE : NOISE_OF_POSTGRESQL;
  let deletes = false;
  // MariaDB: of a row that reaches beyond the portion, new rows keep what is outside of it.
  const ofPortion =
    provider === 'mysql' && tokens.some((token, at) => isWord(token, 'portion') && isWord(tokens[at - 1], 'for'));
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || isSymbol(tokens[at - 1], '.')) return;
    const before = wordAt(tokens, at - 1);
    switch (token.text) {
      case 'insert':
      case 'merge':
      case 'replace':
        // `then insert` belongs to a merge, `or replace` to an insert, `replace(` is a function.
        if (before === 'then' || isSymbol(tokens[at + 1], '(')) return;
        if (before === 'or') targets.push({ ...targetAfter(tokens, at, ['into']), verb: 'replace' });
        else {
          const words = token.text === 'merge' ? MERGE_NOISE : noise.insert;
          targets.push({ ...targetAfter(tokens, at, words), verb: token.text });
        }
        return;
      case 'update':
        // `do update`, `no key update`, `for update`, `then update`, `on update` name no table. A column may be called `key`.
        if (/^(do|for|then|on)$/.test(before)) return;
        if (before === 'key' && /^(no|duplicate)$/.test(wordAt(tokens, at - 2))) return;
        if (ofPortion) targets.push(mergedAfter(tokens, at));
        else
          targets.push({ ...targetAfter(tokens, at, noise.update), verb: 'update', columns: columnsSet(tokens, at) });
        return;
      case 'delete':
        if (/^(then|on)$/.test(before)) return;
        // Common table expressions may stand before it. They delete nothing, so the first one is the statement's.
        if (provider === 'mysql' && !deletes)
          targets.push(...(ofPortion ? [mergedAfter(tokens, at)] : deletedOnMySql(tokens.slice(at))));
        else targets.push({ ...targetAfter(tokens, at, noise.delete), verb: 'delete' });
        deletes = true;
        return;
      case 'truncate':
        // It is no part of other statements.
        if (at === 0) targets.push(...truncated(tokens, at));
        return;
    }
  });
  return targets;
}

/** No statement has more words between its verb and its table. */
const MOST_NOISE = 8;

/** The table after `at` and the `noise` words; its name is empty if there is none. */
export function targetAfter(
  tokens: readonly SqlToken[],
  at: number,
  noise: readonly string[],
): { readonly name: string; readonly schema: string | undefined; readonly end: number } {
  let next = at + 1;
  let schema: string | undefined;
  while (next <= at + MOST_NOISE && noise.includes(wordAt(tokens, next))) next += 1;
  if (next > at + MOST_NOISE || !isName(tokens[next])) return { name: '', schema: undefined, end: next };
  for (; isSymbol(tokens[next + 1], '.') && isName(tokens[next + 2]); next += 2) schema = tokens[next]?.text;
  return { name: tokens[next]?.text ?? '', schema, end: next + 1 };
}

/** The tables of a list: `a, s.b`. */
function targetsAfter(
  tokens: readonly SqlToken[],
  at: number,
  noise: readonly string[],
): { readonly names: readonly string[]; readonly end: number } {
  const names: string[] = [];
  for (let next = at; ; ) {
    const { name, end } = targetAfter(tokens, next, noise);
    names.push(name);
    // `a.*` and `only a *` mean `a`.
    let comma = end;
    if (isSymbol(tokens[comma], '.') && isSymbol(tokens[comma + 1], '*')) comma += 2;
    else if (isSymbol(tokens[comma], '*')) comma += 1;
    if (!isSymbol(tokens[comma], ',')) return { names, end: comma };
    next = comma;
  }
}

function mergedAfter(tokens: readonly SqlToken[], at: number): SqlTarget {
  const noise = isWord(tokens[at], 'update') ? NOISE.update : NOISE.delete;
  return { ...targetAfter(tokens, at, noise), verb: 'merge' };
}

function truncated(tokens: readonly SqlToken[], at: number): readonly SqlTarget[] {
  const cascades = tokens.some((token) => isWord(token, 'cascade'));
  const { names } = targetsAfter(tokens, at, ['table', 'only']);
  return names.map((name): SqlTarget => ({ name, verb: 'truncate', cascades }));
}

/** `delete from a`, and those that name aliases: `delete x, y from a x join b y`, `delete from x using a x`. */
function deletedOnMySql(tokens: readonly SqlToken[]): readonly SqlTarget[] {
  const { names, end } = targetsAfter(tokens, 0, NOISE.delete);
  if (!isWord(tokens[end], 'from') && !isWord(tokens[end], 'using'))
    return names.slice(0, 1).map((name): SqlTarget => ({ name, verb: 'delete' }));
  const { relations } = relationsIn([{ kind: 'word', text: 'from' }, ...tokens.slice(end + 1)]);
  return names.map((name): SqlTarget => {
    const called = relations.find(({ alias }) => alias.toLowerCase() === name.toLowerCase());
    return { name: called?.name ?? name, verb: 'delete' };
  });
}

/** `set a = …, b = …`: the columns before the equals signs. Any other form cannot be determined. */
function columnsSet(tokens: readonly SqlToken[], at: number): readonly string[] | undefined {
  // Another `update` has a `set` of its own.
  let start = at + 1;
  while (start < tokens.length && !/^(set|update)$/.test(wordAt(tokens, start))) start += 1;
  if (!isWord(tokens[start], 'set')) return undefined;
  const columns: string[] = [];
  let next = start + 1;
  for (;;) {
    // On PostgreSQL a period leads into a column: `address.id` is no `id`.
    const column = tokens[next];
    if (column === undefined || !isName(column) || !isSymbol(tokens[next + 1], '=')) return undefined;
    columns.push(column.text.toLowerCase());
    next += 2;
    while (next < tokens.length && !isSymbol(tokens[next], ',')) {
      // Whatever follows the list belongs to other clauses, which set nothing.
      if (endsAssignments(tokens, next) || isSymbol(tokens[next], ')')) return columns;
      if (isWord(tokens[next], 'update')) return undefined;
      next = isSymbol(tokens[next], '(') ? closing(tokens, next) + 1 : next + 1;
    }
    if (next >= tokens.length) return columns;
    next += 1;
  }
}

function endsAssignments(tokens: readonly SqlToken[], at: number): boolean {
  // `is distinct from` compares.
  const word = wordAt(tokens, at);
  return /^(where|returning|order|limit)$/.test(word) || (word === 'from' && wordAt(tokens, at - 1) !== 'distinct');
}
