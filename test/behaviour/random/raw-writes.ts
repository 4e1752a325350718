import { Sql } from '@prisma/client/runtime/client';
import type { Dice } from './dice.js';

/** A statement, for a raw method of Prisma: the `Unsafe` ones take a string and values, the others an `Sql`. */
export interface RawWrite {
  readonly kind: 'raw';
  readonly method: RawMethod;
  readonly sql: string | BoundSql;
}

export type RawMethod = '$executeRawUnsafe' | '$queryRawUnsafe' | '$executeRaw' | '$queryRaw';

/** SQL with parameters. */
export interface BoundSql {
  /** With a question mark for each parameter, and no others. */
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether the database numbers parameters: `$1`. */
  readonly numbered: boolean;
}

/** What `method` is called with to run `sql`. */
export function rawArguments(method: RawMethod, sql: string | BoundSql): readonly unknown[] {
  if (typeof sql === 'string') return method.endsWith('Unsafe') ? [sql] : [new Sql([sql], [])];
  const { text, values, numbered } = sql;
  if (!method.endsWith('Unsafe')) return [new Sql(text.split('?'), values)];
  let place = 0;
  return [numbered ? text.replaceAll('?', () => `$${++place}`) : text, ...values];
}

/** Texts, each with numbers from 1 to 8 where it asks for them. */
export type Statements = readonly ((id: () => number) => string)[];

/** {@link Statements}, some of which have parameters. */
export type RawStatements = readonly ((id: () => number) => string | BoundSql)[];

/** Statements on the tables of test/fixtures/blog. */
export const BLOG_STATEMENTS: Statements = [
  (id) => `UPDATE users SET name = 'Raw', score = score + 1 WHERE id = ${id()}`,
  (id) => `UPDATE users SET id = ${id()} + 10 WHERE id = ${id()}`,
  (id) => `UPDATE posts SET author_id = ${id()} WHERE id IN (${id()}, ${id()})`,
  (id) =>
    `UPDATE "posts" p SET views = u.score, title = u.name FROM users u WHERE p.author_id = u.id AND u.id = ${id()}`,
  (id) => `UPDATE comments SET text = 'raw' FROM posts WHERE posts.id = post_id AND posts.id = ${id()}`,
  (id) => `UPDATE orgs SET id = id + 20 WHERE id = ${id()}`,
  (id) => `UPDATE categories SET (name, parent_id) = ('raw' || id, NULL) WHERE id = ${id()}`,
  (id) => `DELETE FROM posts WHERE id = ${id()}`,
  (id) => `DELETE FROM comments USING posts WHERE posts.id = comments.post_id AND posts.author_id = ${id()}`,
  (id) => `DELETE FROM tags WHERE id = ${id()} RETURNING id`,
  (id) => `INSERT INTO orgs (id, name) VALUES (${id()}, 'raw') ON CONFLICT (id) DO UPDATE SET name = 'on' || orgs.id`,
  (id) => `INSERT INTO tags (label) VALUES ('raw${id()}') ON CONFLICT DO NOTHING`,
  (id) => `INSERT INTO "_PostToTag" ("A", "B") VALUES (${id()}, ${id()}) ON CONFLICT DO NOTHING`,
  (id) =>
    `INSERT INTO memberships SELECT id, ${id()}, 'raw' FROM users WHERE id = ${id()} ON CONFLICT (user_id, org_id) DO UPDATE SET title = 'again'`,
  (id) => `DELETE FROM "_PostToTag" WHERE "A" = ${id()}`,
  (id) =>
    `WITH gone AS (DELETE FROM comments WHERE post_id = ${id()} RETURNING *) UPDATE posts SET views = views + 1 WHERE id IN (SELECT post_id FROM gone)`,
  (id) =>
    `WITH moved AS (UPDATE posts SET reviewer_id = ${id()} WHERE id = ${id()} RETURNING id) INSERT INTO comments (text, post_id) SELECT 'moved', id FROM moved`,
  (id) =>
    `WITH one AS (SELECT id FROM users ORDER BY id LIMIT 1) DELETE FROM profiles WHERE user_id IN (SELECT id FROM one) OR id = ${id()}`,
  (id) =>
    `MERGE INTO tags t USING (VALUES (${id()}, 'merged')) AS v (id, label) ON t.id = v.id WHEN MATCHED THEN UPDATE SET label = v.label WHEN NOT MATCHED THEN INSERT (id, label) VALUES (v.id, v.label)`,
  () => 'TRUNCATE comments, profiles',
  () => 'TRUNCATE TABLE tags CASCADE',
  (id) =>
    `UPDATE users SET balance = 7 WHERE id = ${id()} OR email = 'u1'; UPDATE orgs SET name = name || '!' WHERE id = ${id()}`,
  (id) => `SELECT id FROM users WHERE id = ${id()} FOR UPDATE`,
  (id) => `/* users */ uPdAtE public.profiles sEt bio = 'UPDATE users' WHERE id = ${id()} -- DELETE FROM posts`,
];

/** One of `statements`. */
export function rawWrite(dice: Dice, statements: RawStatements): RawWrite {
  const sql = dice.pick(statements)(() => dice.int(1, 8));
  const methods = ['$executeRawUnsafe', '$queryRawUnsafe'] as const;
  return { kind: 'raw', method: dice.pick(typeof sql === 'string' ? methods : METHODS), sql };
}

const METHODS = ['$executeRawUnsafe', '$queryRawUnsafe', '$executeRaw', '$queryRaw'] as const;
