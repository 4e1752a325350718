import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  analyseRead,
  Declarations,
  type Model,
  parseSql,
  type Schema,
  viewReads,
} from '../../../packages/core/src/sql/index.js';
import { createDatabase, type TestDatabase } from '../../support/services/index.js';
import { Dice } from './random-dice.js';
import { RandomQueries, RELATIONS, RELATIONS_SQL, UNKNOWN } from './random-queries.js';
import { WORDS } from './small-schema.js';

const SECONDS = Number(process.env['RANDOM_SECONDS'] ?? 6);
const FIRST = Number(process.env['RANDOM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase(RELATIONS_SQL);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const COLUMNS = ['id', 'limit', 'values', 'order'];
const models = RELATIONS.filter((name) => !UNKNOWN.includes(name)).map(
  (name): Model => ({
    name,
    table: name,
    isView: name.startsWith('bus'),
    fields: new Map(
      COLUMNS.map((column) => [
        column,
        { kind: 'scalar', name: column, column, comparable: 'integer', derived: false },
      ]),
    ),
    id: ['id'],
    uniques: [['id']],
  }),
);
const schema: Schema = {
  models: new Map(models.map((model) => [model.name, model])),
  references: [],
  joinTables: new Map(),
  provider: 'postgresql',
  degraded: undefined,
  fingerprint: '',
};
const declarations = new Declarations(
  schema,
  {
    busy: { dependsOn: ['users', 'posts'] },
    busier: { dependsOn: ['busy', 'comments'] },
  },
  WORDS,
);

/** What PostgreSQL itself says that a view depends on: relations and functions that are not built in, by name. */
const DEPENDENCIES = `
  select distinct coalesce(c.relname, p.proname || '()') as name
  from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
  left join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid and c.oid <> r.ev_class
  left join pg_proc p on d.refclassid = 'pg_proc'::regclass and p.oid = d.refobjid
  where r.ev_class = 'asked'::regclass and coalesce(c.relname, p.proname) is not null`;

/** What `sql` depends on as PostgreSQL parses it; `undefined` if it does not take it. */
async function dependenciesOf(sql: string): Promise<readonly string[] | undefined> {
  await client.query('begin');
  try {
    await client.query(`create temporary view asked as ${sql}`);
    return (await client.query<{ name: string }>(DEPENDENCIES)).rows.map(({ name }) => name);
  } catch (error) {
    if (error instanceof pg.DatabaseError) return undefined;
    throw error;
  } finally {
    await client.query('rollback');
  }
}

/** The tables that a plan of PostgreSQL scans, those behind views too. */
async function scannedBy(sql: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(`explain (verbose, format json) ${sql}`);
  return [...JSON.stringify(rows).matchAll(/"Relation Name":"(\w+)"/g)].map(([, name]) => name as string);
}

/** Blanks and comments that mean nothing, strewn between words. */
function strewn(sql: string, dice: Dice): string {
  return sql.replaceAll(/ (?![^']*'(?:[^']*'[^']*')*[^']*$)/g, () =>
    dice.oneIn(12) ? dice.one(['\n', '\t', ' /* from audit */ ', " -- it's from audit\n", '  ']) : ' ',
  );
}

describe('the tables that a query reads', () => {
  it(
    `are those that PostgreSQL finds, or the query is refused: queries from seed ${FIRST} on`,
    async () => {
      const until = performance.now() + SECONDS * 1000;
      const counts = { asked: 0, cacheable: 0, refused: 0, needless: 0 };
      for (let seed = FIRST; performance.now() < until; seed++) {
        const dice = new Dice(seed);
        const sql = strewn(new RandomQueries(dice).next(), dice);
        const depends = await dependenciesOf(sql);
        if (depends === undefined) continue;
        counts.asked++;
        const unknown = depends.filter((name) => UNKNOWN.includes(name) || name.endsWith('()'));
        const found = analyseRead({ schema, declarations }, parseSql(sql, 'postgresql'), []);
        if (!found.cacheable) {
          counts.refused++;
          if (unknown.length === 0) counts.needless++;
          continue;
        }
        counts.cacheable++;
        const tables = found.footprint.dependencies.map(({ model }) => model);
        const missed = [...depends, ...(await scannedBy(sql))].filter((name) => !tables.includes(name));
        expect({ seed, sql, missed }).toEqual({ seed, sql, missed: [] });
      }
      console.info(`seeds ${FIRST} …: ${JSON.stringify(counts)}`);

      // Who refuses everything misses nothing, and is of no use.
      expect(counts.cacheable).toBeGreaterThan(counts.asked / 5);
      expect(counts.needless).toBeLessThan(counts.asked / 10);
    },
    SECONDS * 1000 + 60_000,
  );

  it('are those of its definition for a view, as PostgreSQL prints it', async () => {
    const { rows } = await client.query<{ busy: string; busier: string }>(
      "select pg_get_viewdef('busy'::regclass) as busy, pg_get_viewdef('busier'::regclass) as busier",
    );
    const reads = (sql = '') => viewReads(schema, parseSql(sql, 'postgresql'))?.models.map(({ name }) => name);

    expect(new Set(reads(rows[0]?.busy))).toEqual(new Set(['users', 'posts']));
    expect(new Set(reads(rows[0]?.busier))).toEqual(new Set(['busy', 'comments']));
  });

  it.each([
    'select id, tally(id) from users',
    'select u.mood from users u',
    'select * from users where id = current_setting($$app.user$$)::int',
    'select * from users, audit',
    'select * from users for update',
  ])('are unknown for a view that is defined by %s', (sql) => {
    expect(viewReads(schema, parseSql(sql, 'postgresql'))).toBeUndefined();
  });
});
