import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/pg-proxy';
import { loadModule, parseSync } from 'libpg-query';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseSql } from '../../../packages/core/src/sql/parsed-sql.js';
import type { CachedBlog } from '../../drizzle/support/generation.js';
import { generation0 } from '../../drizzle/support/generation-0.js';
import { readsOf } from '../../drizzle/support/reads.js';
import { schemaOf } from '../../drizzle/support/relational-schema.js';
import { writesOf } from '../../drizzle/support/writes.js';
import { Dice } from './random-dice.js';
import { RandomQueries } from './random-queries.js';

const STATEMENTS = 400;
const FIRST = Number(process.env['RANDOM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

beforeAll(async () => loadModule());

/** What a node of PostgreSQL's parse tree that is called `kind` holds, wherever it stands in `tree`. */
function nodesOf(tree: unknown, kind: string): readonly Readonly<Record<string, unknown>>[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) => [
    ...(name === kind ? [value as Readonly<Record<string, unknown>>] : []),
    ...nodesOf(value, kind),
  ]);
}

/** Relations that PostgreSQL's parser finds, the targets of mutations among them. */
function relationsOf(tree: unknown): readonly string[] {
  const targets = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].flatMap((kind) =>
    nodesOf(tree, kind).map(({ relation }) => relation as { readonly relname?: string } | undefined),
  );
  return [...nodesOf(tree, 'RangeVar'), ...targets].map((node) => String(node?.['relname' as never]));
}

/** Functions that are called by their names; others are written in words, such as `at time zone` and `similar to`. */
function callsOf(tree: unknown): readonly string[] {
  return nodesOf(tree, 'FuncCall')
    .filter(({ funcformat }) => funcformat !== 'COERCE_SQL_SYNTAX')
    .map(({ funcname }) => nodesOf((funcname as readonly unknown[]).at(-1), 'String')[0]?.['sval'])
    .map(String)
    .filter((name) => name !== 'similar_to_escape');
}

/** What the parser finds in `sql` and the analysis does not, unless it says that there may be more. */
function missedIn(sql: string): readonly string[] {
  const tree = parseSync(sql);
  const { statements, unreadable } = parseSql(sql, 'postgresql');
  if (unreadable !== undefined) return [];
  const found = statements.flatMap(({ from, judged }) => [...from.relations, ...judged.targets]);
  const names = new Set(found.map(({ name }) => name));
  const called = new Set(statements.flatMap(({ judged }) => judged.calls.map(({ name }) => name)));
  const complete = statements.every(({ from }) => from.unknown === undefined);
  return [
    ...(complete ? relationsOf(tree).filter((name) => !names.has(name)) : []),
    ...callsOf(tree).filter((name) => !called.has(name)),
  ];
}

const EXPRESSIONS = [
  'lower(t.id::text)',
  'pg_catalog.upper ( $$from x$$ )',
  '"Odd".f(t.id)',
  'f(a => 1, variadic array[2])',
  'count(*) over (partition by id order by g(id))',
  'mode() within group (order by id)',
  'sum(id) filter (where h(id) > 0)',
  "extract(year from now()) + position('a' in k(1))",
  "substring('abc' from l(1) for 2)",
  'cast(m(1) as numeric(10, 2))::character varying(10)',
  'case when n(1) then o(2) else p(3) end',
  'array(select q(id) from posts)',
  "((select r(1) from comments, lateral s(2) u) is distinct from U&'from y')",
  "E'\\'from z' || v(1) @> row(w(1))::text",
  'x.id not in (select y(id) from audit, only (orgs))',
] as const;

const BLANKS = [' ', ' ', ' ', '\n', ' \t', ' /* from nowhere f(1) */ ', ' -- join "x\n'] as const;

/** A query of the generator in a statement with calls, comments and blanks, at random. */
function randomStatement(dice: Dice, query: string): string {
  const expression = dice.one(EXPRESSIONS);
  const sql = dice.one([
    query,
    `select ${expression} from (${query}) t, users x`,
    `insert into users (id) select id from (${query}) t returning key(id)`,
    `update only users x set id = (select max(id) from (${query}) t) from posts as t where ${expression} is null`,
    `delete from users as x using posts t, comments join orgs using (id) where ${expression} is null and x.id in (${query})`,
    `delete from only users using (${query}) t join audit using (id) where users.id = t.id`,
    `merge into users x using (${query}) t on x.id = t.id when matched then update set id = sin(1), "limit" = 2 when not matched then insert (id) values (cos(1))`,
    `merge into only users as x using posts as t on x.id = t.id when not matched by source and ${expression} is null then delete`,
    `with recursive x as (${query}) ${dice.one(['search depth first by id set key', 'cycle id set again using key'])} update users set id = 1`,
    `with x as (update ignore users set id = 1 returning id) select ${expression} from x`,
    `with gone as (delete from posts using audit returning *), x as (${query}) select ${expression} from x, gone t`,
  ]);
  // The parser stops at comments behind the words of which it looks at the next one too.
  return sql.replaceAll(/(?<!\b(?:not|with)) /g, () => dice.one(BLANKS));
}

/** The queries and mutations in the sources of the tests of this folder. */
function statementsOfTests(): readonly string[] {
  const texts = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const name of readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.ts'),
  ))
    visit(ts.createSourceFile(name, readFileSync(join(import.meta.dirname, name), 'utf8'), ts.ScriptTarget.Latest));
  return [...texts].filter(isQuery);
}

/** Whether PostgreSQL's parser takes `text` for queries and mutations. Others are judged by their verbs. */
function isQuery(text: string): boolean {
  try {
    const statements = nodesOf(parseSync(text), 'stmt');
    const kinds = statements.flatMap((statement) => Object.keys(statement));
    return kinds.length > 0 && kinds.every((kind) => /^(Select|Insert|Update|Delete|Merge)Stmt$/.test(kind));
  } catch {
    // It is no SQL of PostgreSQL's.
    return false;
  }
}

/** What Drizzle sends for the reads and writes of its suites. */
async function statementsOfDrizzle(): Promise<readonly string[]> {
  const sent = new Set<string>();
  const answer = async (sql: string) => {
    sent.add(sql);
    return { rows: /^select count/.test(sql) ? [{ count: 0 }] : [] };
  };
  const db: CachedBlog = Reflect.apply(drizzle, undefined, [answer, { schema: schemaOf(generation0.blog) }]);
  for (const [name, run] of Object.entries({ ...readsOf(generation0), ...writesOf(generation0) })) {
    // This driver has none; what is sent in it others send as well.
    if (name !== 'a transaction') await run(db);
  }
  return [...sent];
}

describe("PostgreSQL's own parser", () => {
  it(`finds no relation and no call that the analysis misses: ${STATEMENTS} statements from seed ${FIRST} on`, () => {
    for (let seed = FIRST; seed < FIRST + STATEMENTS; seed++) {
      const dice = new Dice(seed);
      const sql = randomStatement(dice, new RandomQueries(dice).next());

      expect(missedIn(sql), `seed ${seed}: ${sql}`).toEqual([]);
    }
  });

  it('finds none that the analysis misses in the statements of the tests of this folder', () => {
    const statements = statementsOfTests();

    expect(statements.length).toBeGreaterThan(200);
    for (const sql of statements) expect(missedIn(sql), sql).toEqual([]);
  });

  it('finds none that the analysis misses in the queries of Drizzle', async () => {
    const statements = await statementsOfDrizzle();

    expect(statements.length).toBeGreaterThan(40);
    for (const sql of statements) expect(missedIn(sql), sql).toEqual([]);
  });
});
