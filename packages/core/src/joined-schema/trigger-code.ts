import type { KnownFunctions } from '../catalogue/known-functions.js';
import { names } from '../catalogue/names.js';
import type { ObservedTrigger, RowOperation } from '../schema/schema.js';
import { callsIn } from '../sql/statement/calls.js';
import { statementsOf } from '../sql/statement/statement.js';
import { type SqlTarget, targetsIn } from '../sql/statement/targets.js';
import { isName, isSymbol, isWord, wordAt } from '../sql/tokens/navigation.js';
import { type SqlToken, sqlTokens, UnreadableSqlError } from '../sql/tokens/tokenizer.js';

/** What the code of a trigger or a rule does. */
export type TriggerCode = Pick<ObservedTrigger, 'unreadable' | 'targets' | 'sets'>;

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Reads what a trigger or a rule runs: SQL, or a language around SQL.
 *
 * @param code - `undefined`: the catalogue does not say it. Empty: a function of the server, which changes the row at most.
 */
export function readTriggerCode(
  code: string | undefined,
  provider: string | undefined,
  functions: KnownFunctions,
): TriggerCode {
  if (code === undefined) return unreadable('its language is not read');
  if (code === '') return { unreadable: undefined, targets: [], sets: 'any' };
  try {
    // What it leaves in a variable of its session is in no table, and what reads the variable elsewhere is not read.
    const statements = statementsOf(sqlTokens(code, provider, { variables: provider === 'mysql' }));
    const reason = statements.map((statement) => unreadableIn(statement, provider, functions)).find(Boolean);
    if (reason !== undefined) return unreadable(reason);
    const clauses = statements.flatMap((statement) => {
      // The branches of an expression look like those of a block.
      const whole = !statement.some((token) => isWord(token, 'case'));
      return clausesOf(statement).map((clause) => ({ clause, whole }));
    });
    const targets = clauses.flatMap(({ clause, whole }) => changesOf(clause, whole, provider));
    if (targets.some(({ table }) => table === '')) return unreadable('it writes to a table that cannot be determined');
    return { unreadable: undefined, targets, sets: columnsSetIn(clauses.map(({ clause }) => clause)) };
  } catch (error) {
    if (!(error instanceof UnreadableSqlError)) throw error;
    return unreadable(`its code has ${error.message}`);
  }
}

function unreadable(reason: string): TriggerCode {
  return { unreadable: reason, targets: [], sets: 'any' };
}

const OPERATIONS: Readonly<Record<SqlTarget['verb'], readonly RowOperation[]>> = {
  insert: ['create'],
  update: ['update'],
  delete: ['delete'],
  merge: ['create', 'update', 'delete'],
  replace: ['create', 'update', 'delete'],
  truncate: ['delete'],
  refresh: ['update'],
  define: ['update'],
};

/** What the statement in `clause` changes. @param whole - Whether nothing of it was cut off. */
function changesOf(clause: readonly SqlToken[], whole: boolean, provider: string | undefined): TriggerCode['targets'] {
  return targetsIn(clause, provider).flatMap(({ name, schema, verb, columns }): TriggerCode['targets'] => {
    const upserts = verb === 'insert' && (!whole || clause.some((token) => isWord(token, 'update')));
    const ops = upserts ? (['create', 'update'] as const) : OPERATIONS[verb];
    return ops.map((op) => ({ table: name, schema, op, columns: verb === 'update' && whole ? columns : undefined }));
  });
}

/** Statements that may change anything, or run what is only known when they run. */
const UNREAD = names('alter call copy create drop execute import load reassign refresh');
/** Words that the languages around SQL put before a bracket. */
const CONTROL = names(
  'also assert case do elseif elsif exit if instead loop perform raise return slice until when while',
);
/** Types with a length. As words none of them is a function. */
const TYPES = names(
  'bit char character decimal dec float int integer interval national nchar numeric time timestamp varchar',
);

/** Why it is not certain what `statement` changes, if it is not. */
function unreadableIn(
  statement: readonly SqlToken[],
  provider: string | undefined,
  functions: KnownFunctions,
): string | undefined {
  for (const [at, token] of statement.entries()) {
    if (isName(token) && functions.isCalledByColumn(token.text, [])) return `it may call ${token.text}`;
    // Behind commas and brackets it is the name of a column.
    if (token.kind !== 'word' || [',', '(', '.'].some((symbol) => isSymbol(statement[at - 1], symbol))) continue;
    if (UNREAD.has(token.text)) return `it has ${token.text}`;
    if (token.text === 'do' && statement[at + 1]?.kind === 'string') return 'it has do';
    // MariaDB: `set statement max_statement_time = 1 for update a set b = 1`.
    if (token.text === 'statement' && isWord(statement[at - 1], 'set')) return 'it has set statement';
    if (token.text === 'truncate' && isSymbol(statement[at + 1], '(') === false && !beginsClause(statement, at))
      return 'it has truncate';
    if (token.text === 'update' && provider === 'mysql' && updatesMany(statement, at))
      return 'it updates several tables';
  }
  const call = callsIn(statement, provider).find((called) => {
    if (called.schema === undefined && !called.quoted && (CONTROL.has(called.name) || TYPES.has(called.name)))
      return false;
    return functions.judge(called).writes === 'maybe';
  });
  return call && `it calls ${call.name}, which may write`;
}

/** Behind these words another statement begins. */
const BEFORE_STATEMENT = names('also begin else instead loop then');

function beginsClause(statement: readonly SqlToken[], at: number): boolean {
  return at === 0 || BEFORE_STATEMENT.has(wordAt(statement, at - 1)) || isWord(statement[at - 1], 'do');
}

/** MySQL: `update a, b set …`, `update a join b … set …`. */
function updatesMany(statement: readonly SqlToken[], at: number): boolean {
  const set = statement.findIndex((token, place) => place > at && isWord(token, 'set'));
  return statement.slice(at, set).some((token) => isSymbol(token, ',') || /^(join|straight_join)$/.test(token.text));
}

/** `statement` cut where another one begins in it: in blocks, branches and loops. A merge has branches of its own. */
function clausesOf(statement: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const merge = statement.findIndex((token, at) => isWord(token, 'merge') && isWord(statement[at + 1], 'into'));
  const clauses: SqlToken[][] = [[]];
  statement.forEach((token, at) => {
    const isCut =
      token.kind === 'word' &&
      (merge < 0 || at < merge) &&
      (BEFORE_STATEMENT.has(token.text) || (token.text === 'do' && !isConflictAction(statement, at)));
    if (isCut || at === merge) clauses.push([]);
    if (!isCut) clauses.at(-1)?.push(token);
  });
  return clauses.map(withoutLabel).filter((clause) => clause.length > 0);
}

/** `on conflict … do update set …`, `do nothing`. */
function isConflictAction(statement: readonly SqlToken[], at: number): boolean {
  return (
    isWord(statement[at + 1], 'nothing') || (isWord(statement[at + 1], 'update') && isWord(statement[at + 2], 'set'))
  );
}

/** `<<label>>` before a statement. */
function withoutLabel(clause: readonly SqlToken[]): readonly SqlToken[] {
  const isLabel = isSymbol(clause[0], '<') && isSymbol(clause[1], '<') && isSymbol(clause[4], '>');
  return isLabel ? clause.slice(5) : clause;
}

/** The columns of the row that is written which `clauses` set: `new.a := …`, `set new.a = …`, `select … into new.a`. */
function columnsSetIn(clauses: readonly (readonly SqlToken[])[]): ReadonlySet<string> | 'any' {
  const columns = new Set<string>();
  for (const clause of clauses) {
    const set = columnsSetBy(clause);
    if (set === 'any') return 'any';
    for (const column of set) columns.add(column);
  }
  return columns;
}

function columnsSetBy(clause: readonly SqlToken[]): ReadonlySet<string> | 'any' {
  const first = wordAt(clause, 0);
  // Another row takes its place.
  if (first === 'return') {
    const row = clause[1]?.text.toLowerCase() ?? '';
    return clause.length <= 2 && /^(new|old|null|)$/.test(row) ? NOTHING : 'any';
  }
  if (first === 'get' && clause.some(isNew)) return 'any';
  const columns = new Set<string>();
  for (const [at, token] of clause.entries()) {
    if (!isNew(token) || isSymbol(clause[at - 1], '.')) continue;
    const column = isSymbol(clause[at + 1], '.') && isName(clause[at + 2]) ? clause[at + 2] : undefined;
    if (!isSet(clause, at)) continue;
    if (column === undefined) return 'any';
    columns.add(column.text.toLowerCase());
  }
  return columns;
}

function isNew(token: SqlToken): boolean {
  return isName(token) && token.text.toLowerCase() === 'new';
}

/** Whether the `new` at `at` stands where something is set. */
function isSet(clause: readonly SqlToken[], at: number): boolean {
  if (at === 0 || isWord(clause[at - 1], 'for') || isWord(clause[at - 1], 'set')) return true;
  if (isSymbol(clause[at - 1], ',') && /^:?=$/.test(clause[at + 3]?.text ?? '')) return true;
  // `select … into a, b.c, new.d`.
  let before = at - 1;
  while (isSymbol(clause[before], ',')) {
    before -= 2;
    while (isSymbol(clause[before], '.')) before -= 2;
  }
  if (isWord(clause[before], 'strict')) before -= 1;
  return isWord(clause[before], 'into') && !/^(insert|merge)$/.test(wordAt(clause, before - 1));
}
