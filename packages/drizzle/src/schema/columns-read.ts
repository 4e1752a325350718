import { type Model, modelsCalled, type ParsedSql, type ParsedStatement } from '@cachetastic/core/sql';
import type { KnownSchema } from './known-tables.js';

type Token = ParsedStatement['tokens'][number];

const known = new WeakMap<ParsedSql, { readonly schema: KnownSchema; readonly columns: string | undefined }>();

/**
 * The columns of the tables that `parsed` reads, if the columns of its result depend on them, as those of `select *` do.
 *
 * They are part of the key: two versions of an application may send the same SQL and know other columns.
 *
 * @param declared - The tables that the application declares to be read.
 */
export function columnsRead(
  schema: KnownSchema,
  parsed: ParsedSql,
  declared: readonly Model[] | undefined,
): string | undefined {
  const before = known.get(parsed);
  if (declared === undefined && before?.schema === schema) return before.columns;
  const columns = parsed.statements.some(followsTables) ? columnsOf(schema, parsed, declared ?? []) : undefined;
  if (declared === undefined) known.set(parsed, { schema, columns });
  return columns;
}

function columnsOf(
  { schema, declarations }: KnownSchema,
  { statements }: ParsedSql,
  declared: readonly Model[],
): string {
  const named = statements.flatMap(({ from }) => from.relations.flatMap(({ name }) => modelsCalled(schema, name)));
  const read = [...named, ...declared].flatMap((model) => [model, ...(declarations.reads(model)?.models ?? [])]);
  const written = read.map(({ name, fields }) => [
    name,
    ...[...fields.values()].map((field) => (field.kind === 'scalar' ? `${field.column} ${field.comparable}` : '')),
  ]);
  return [...new Set(written.map((columns) => JSON.stringify(columns)))].sort().join();
}

/** Whether the columns of the result depend on a table, and not on the SQL alone. */
function followsTables({ tokens, from }: ParsedStatement): boolean {
  if (tokens.some((token, at) => isStar(tokens, at) || (token.kind === 'word' && /^(natural|table)$/.test(token.text))))
    return true;
  // The name of a table alone, outside of `from`, means its whole row.
  const names = new Set(from.relations.flatMap(({ name, alias }) => [name, alias]));
  const alone = tokens.filter(
    (token, at) =>
      (token.kind === 'word' || token.kind === 'name') &&
      names.has(token.text) &&
      !isPeriod(tokens[at - 1]) &&
      !isPeriod(tokens[at + 1]),
  );
  const inFrom = from.relations.reduce(
    (count, { name, schema, alias }) => count + (schema === undefined ? 1 : 0) + (alias === name ? 0 : 1),
    0,
  );
  return alone.length > inFrom;
}

function isPeriod(token: Token | undefined): boolean {
  return token?.kind === 'symbol' && token.text === '.';
}

/** `*`, unless it is that of `count(*)`. */
function isStar(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== 'symbol' || token.text !== '*') return false;
  return !(tokens[at - 1]?.text === '(' && tokens[at - 2]?.text === 'count');
}
