import type { WriteAnalysis } from '@cachetastic/core/sql';
import { describe, expect, it } from 'vitest';
import { analyzerFor, BLOG } from './blog-schema.js';

const analyzer = analyzerFor();

/** What `sql` changes. */
function written(sql: string, given = analyzer): WriteAnalysis {
  return given.writeRaw({ text: sql, values: [] }, undefined);
}

/** Why `sql` is not cached, if it is not; of tables that are not known the caller says that they do not matter. */
function refusal(sql: string): string | undefined {
  const analysis = analyzer.readRaw({ text: sql, values: [] }, 'models', []);
  return analysis.cacheable ? undefined : analysis.reason;
}

/** The tables that `sql` changes, or `everything`. */
function tables(sql: string, given = analyzer): readonly string[] | 'everything' {
  const { changes } = written(sql, given);
  if (changes.some(({ kind }) => kind === 'everything')) return 'everything';
  return [...new Set(changes.flatMap((change) => (change.kind === 'model' ? [change.model] : [])))].toSorted();
}

describe('raw SQL that only reads', () => {
  it.each([
    'SELECT * FROM users',
    'select count(*), lower(email) from "users" where id = $1',
    'WITH recent (id, title) AS (SELECT id, title FROM "Post" WHERE views > 3) SELECT * FROM recent AS r(a, b)',
    'VALUES (1), (2)',
    'TABLE users;',
    "SELECT 'delete from users; drop table x' AS text",
    'SELECT 1 -- ; delete from users\n',
    'SELECT /* update users */ 1',
    'SELECT $$ insert into users $$, $tag$ ; delete $$ $tag$',
    "SELECT E'it\\'s; delete from users'",
    "SELECT 'it''s; delete from users'",
    'SELECT "update" FROM users',
    'SELECT CAST(a AS numeric(10, 2)), b::varchar(20) FROM t',
    'SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t',
    'SELECT sum(a) FILTER (WHERE b IN (1, 2)) FROM t GROUP BY GROUPING SETS ((a), (b))',
    'SELECT comment, load, version FROM t LIMIT 5',
    'EXPLAIN DELETE FROM users',
    "SELECT x FROM t WHERE a LIKE '%\\' ESCAPE '\\'",
    'SELECT pg_catalog.lower(x) FROM t',
    'SELECT a FROM generate_series(1, 3) AS g(a), jsonb_to_recordset($1) AS r(id int)',
  ])('%s', (sql) => {
    expect(analyzer.parse(sql).readOnly).toBe(true);
    expect(written(sql)).toEqual({ changes: [] });
  });

  it.each([
    'SELECT now()',
    'SELECT * FROM t WHERE at < CURRENT_TIMESTAMP',
    "SELECT current_setting('app.user')",
    'SELECT random()',
    "SELECT 'now'::timestamp",
    'SELECT gen_random_uuid()',
    'SHOW search_path',
    'SELECT * FROM t TABLESAMPLE bernoulli (10)',
  ])('is volatile: %s', (sql) => {
    expect(analyzer.parse(sql).readOnly).toBe(true);
    expect(refusal(sql)).toBe('volatile');
  });

  it.each(['SELECT * FROM users', 'SELECT count(*), rank() OVER (ORDER BY id) FROM users'])(
    'is not volatile: %s',
    (sql) => {
      expect(refusal(sql)).toBeUndefined();
    },
  );
});

describe('raw SQL that changes no table but must not be cached', () => {
  it.each([
    'SELECT * FROM users FOR UPDATE',
    'SELECT * FROM users FOR NO KEY UPDATE SKIP LOCKED',
    'SELECT * FROM users FOR SHARE',
    "SELECT set_config('app.tenant', $1, true)",
    "SET LOCAL app.tenant = 'x'",
    'SELECT pg_advisory_xact_lock(1)',
    "SELECT nextval('s')",
    'BEGIN',
    'START TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'SAVEPOINT before',
    'ROLLBACK TO SAVEPOINT before',
    'LOCK TABLE users IN EXCLUSIVE MODE',
  ])('%s', (sql) => {
    expect(analyzer.parse(sql).readOnly).toBe(false);
    expect(written(sql)).toEqual({ changes: [] });
  });
});

describe('raw SQL that writes', () => {
  it.each([
    ['INSERT INTO "Org" (id, code) VALUES (1, $1)', ['Org']],
    ['INSERT INTO "Org" (id) SELECT id FROM users', ['Org']],
    ['insert into public."Org" (id) values (1) on conflict (id) do nothing', ['Org']],
    ['UPDATE users SET full_name = $1 WHERE id = 1', ['users']],
    ['UPDATE users AS u SET full_name = s.n, score = 2 FROM (SELECT 1 AS n) s', ['users']],
    ['UPDATE ONLY users SET full_name = a IS DISTINCT FROM b, score = 1', ['users']],
    ['UPDATE "Comment" SET text = $1', ['Comment']],
    ['DELETE FROM "Comment" USING "Post" WHERE true RETURNING id', ['Comment']],
    ['DELETE FROM "Post" WHERE id = $1', ['Comment', 'Post', '_PostToTag']],
    ['WITH gone AS (DELETE FROM "Comment" RETURNING *) SELECT count(*) FROM gone', ['Comment']],
    ['WITH x AS (SELECT 1) UPDATE "Comment" SET text = $1', ['Comment']],
    ['EXPLAIN ANALYZE DELETE FROM "Comment"', ['Comment']],
    ['MERGE INTO "Comment" c USING "Post" p ON p.id = c."postId" WHEN MATCHED THEN DELETE', ['Comment']],
    ['TRUNCATE "Comment", "Profile" RESTART IDENTITY', ['Comment', 'Profile']],
    ['TRUNCATE TABLE "Post" CASCADE', ['Comment', 'Post', '_PostToTag']],
    ['INSERT INTO "_PostToTag" ("A", "B") VALUES (1, 2)', ['_PostToTag']],
    ['SELECT 1; UPDATE "Comment" SET text = $1', ['Comment']],
    ['SELECT * FROM users; -- ;\nDELETE FROM "Comment"', ['Comment']],
  ])('%s', (sql, expected) => {
    expect(analyzer.parse(sql).readOnly).toBe(false);
    expect(tables(sql)).toEqual(expected);
  });

  it('changes the rows that reference a changed key as well', () => {
    const children = ['Comment', 'Follow', 'Post', 'Profile'];

    expect(tables('UPDATE users SET id = 2 WHERE id = 1')).toEqual([...children, 'users']);
    expect(tables('UPDATE users SET (id, score) = (2, 3)')).toEqual(expect.arrayContaining(children));
    expect(tables('INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2')).toEqual(
      expect.arrayContaining(children),
    );
  });

  it.each([
    'DELETE FROM audit_log',
    'INSERT INTO elsewhere.things VALUES (1)',
    'SELECT my_function(1)',
    'SELECT evil.lower(x) FROM t',
    "SELECT release_lock('a')",
    'SELECT total(x) FROM t',
    'SELECT * FROM a, my_function(1) AS (id int)',
    'SELECT * FROM users, my_function(1) f',
    'UPDATE "Comment" SET text = my_function(1)',
    'CALL cleanup()',
    'DO $$ BEGIN DELETE FROM users; END $$',
    'CREATE OR REPLACE VIEW x AS SELECT 1',
    'ALTER TABLE users ADD x int',
    'DROP TABLE users',
    'COPY users FROM STDIN WHERE clean_up(id)',
    'REFRESH MATERIALIZED VIEW m',
    'SELECT * INTO backup FROM users',
    'EXECUTE prepared',
    'EXPLAIN ANALYZE EXECUTE prepared',
    "SELECT 'open",
    'SELECT /* open',
    'SELECT /* a /* b */ delete from users */ 1',
    "SELECT U&'!0027; delete from users' UESCAPE '!'",
    'TRUNCATE users, unknown',
    'COMMIT',
    'ROLLBACK',
    'END',
    "COMMIT PREPARED 'transfer'",
    'BEGIN; UPDATE users SET score = 1; COMMIT',
  ])('invalidates everything for %s', (sql) => {
    expect(tables(sql)).toBe('everything');
    expect(analyzer.parse(sql).readOnly).toBe(false);
    expect(written(sql).widened).toMatch(/^raw-sql: /);
  });

  it('runs declared triggers', () => {
    const declared = analyzerFor(BLOG, { models: { Comment: { triggers: ['Org'] } } });

    expect(tables('INSERT INTO "Comment" VALUES (1)', declared)).toEqual(['Comment', 'Org', 'users']);
  });
});

it('a model and a join table whose names differ by case alone are both read and written', () => {
  const sameName = analyzerFor(`${BLOG}\nmodel Link { id Int @id\n note String\n @@map("_posttotag") }`);
  const read = sameName.readRaw({ text: 'SELECT note FROM _posttotag WHERE id = 1', values: [] }, 'models', undefined);

  expect(read).toMatchObject({
    footprint: { dependencies: [{ model: '_PostToTag' }, { model: '_posttotag' }] },
  });
  expect(tables('UPDATE _posttotag SET note = $1 WHERE id = 1', sameName)).toEqual(['_PostToTag', '_posttotag']);
});

describe('raw SQL of another dialect', () => {
  const mysql = analyzerFor(BLOG, {}, 'mysql');

  it('may contain backticks and hash comments on MySQL', () => {
    expect(mysql.parse('SELECT `delete` FROM `users` # ; delete from users')).toMatchObject({ readOnly: true });
    expect(tables('UPDATE `Comment` SET `text` = ?', mysql)).toEqual(['Comment']);
    expect(tables('REPLACE INTO `Comment` VALUES (1)', mysql)).toEqual(['Comment']);
  });

  it('changes every table that a MySQL update or delete names', () => {
    expect(tables('UPDATE `Comment` c JOIN `Tag` t ON true SET t.label = 1, c.text = 2', mysql)).toEqual(
      expect.arrayContaining(['Comment', 'Tag']),
    );
  });

  it.each(["SELECT 'a\\' OR 1'", 'SELECT /*! 1 */ 1', 'SELECT @x', 'SELECT 1--1; delete from users'])(
    'is unreadable if its meaning depends on settings of the server: %s',
    (sql) => {
      expect(mysql.parse(sql).readOnly).toBe(false);
      expect(tables(sql, mysql)).toBe('everything');
    },
  );

  it('may call only the built-in functions of its own dialect', () => {
    const sqlite = analyzerFor(BLOG, {}, 'sqlite');

    expect(tables("SELECT get_lock('a', 1)", mysql)).toEqual([]);
    expect(mysql.parse('SELECT ifnull(a, 1), year(b) FROM t').readOnly).toBe(true);
    expect(tables("SELECT nextval('orders')", mysql)).toBe('everything');
    expect(sqlite.parse('SELECT total(a) FROM t').readOnly).toBe(true);
  });

  it('invalidates everything if the dialect is unknown', () => {
    expect(tables('SELECT 1', analyzerFor(BLOG, {}, 'sqlserver'))).toBe('everything');
  });

  it('changes the rows that SQLite replaces', () => {
    const sqlite = analyzerFor(BLOG, {}, 'sqlite');

    expect(tables('INSERT OR REPLACE INTO [Post] (id) VALUES (1)', sqlite)).toEqual(
      expect.arrayContaining(['Post', 'Comment']),
    );
    expect(sqlite.parse('SELECT [update] FROM users')).toMatchObject({ readOnly: true });
  });
});
