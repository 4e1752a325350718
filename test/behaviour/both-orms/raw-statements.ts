import type { Facts } from '@cachetastic/core';

/** What a statement is found to read: tables, or rows of them. Text: why it is not cached. */
type Reads = readonly (string | readonly [table: string, where: Facts])[];

/** What it is found to change: rows of tables of which nothing is certain, or those of which something is. */
type Changes = readonly (
  | string
  | readonly [
      table: string,
      op: 'create' | 'update' | 'delete',
      rows: { readonly before?: Facts; readonly after?: Facts },
    ]
)[];

/** SQL with its parameters, and the tables that are declared in addition, which have the same names in both ORMs. */
export interface RawStatement<Expected> {
  readonly sql: string;
  readonly values?: readonly unknown[];
  readonly declared?: { readonly tables: readonly string[]; readonly models: readonly string[] };
  /** The rows that it returned. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly expected: Expected;
}

const ALL_OF_A_USER = ['comments', 'memberships', 'posts', 'profiles', '_PostToTag'] as const;

/** Queries in raw SQL, on the tables that both ORMs know. */
export const RAW_READS: readonly RawStatement<Reads | string>[] = [
  { sql: 'select id, name from users', expected: ['users'] },
  { sql: 'select id, name from "users" order by id', expected: ['users'] },
  { sql: 'select * from users where id = $1', values: [2], expected: [['users', { id: 'i:2' }]] },
  {
    sql: 'select * from public.users u where u.id = 2 and u.score > $1',
    values: [1],
    expected: [['users', { id: 'i:2' }]],
  },
  { sql: 'select * from users where email = $1', values: ['ann'], expected: [['users', { email: 't:an' }]] },
  { sql: 'select * from users where id = $1 or score = 3', values: [2], expected: ['users'] },
  { sql: 'select * from users where name = $1', values: ['Ann'], expected: ['users'] },
  {
    sql: 'select title from memberships where user_id = $1 and org_id = $2',
    values: [1, 2],
    expected: [['memberships', { user_id: 'i:1', org_id: 'i:2' }]],
  },
  { sql: 'table users', expected: ['users'] },
  { sql: 'select row_to_json(users) as row from users', expected: ['users'] },
  { sql: 'with x as (select * from users) select * from x', expected: ['users'] },
  { sql: 'with users as (select author_id as id from posts) select id from users', expected: ['posts', 'users'] },
  {
    sql: 'select p.title, u.name from posts p, users u where u.id = p.author_id order by p.id',
    expected: ['posts', 'users'],
  },
  {
    sql: 'select p.title from posts p join users u on u.id = p.author_id where u.id = $1',
    values: [1],
    expected: ['posts', ['users', { id: 'i:1' }]],
  },
  {
    sql: 'select id from users where exists (select from posts where author_id = users.id)',
    expected: ['posts', 'users'],
  },
  {
    sql: 'select t.label from tags t join "_PostToTag" link on link."B" = t.id where link."A" = $1',
    values: [1],
    expected: ['_PostToTag', 'tags'],
  },
  { sql: 'select count(*) from "_PostToTag"', expected: ['_PostToTag'] },
  { sql: 'select posts from post_stats', expected: ['_PostToTag', 'post_stats', 'posts'] },
  { sql: 'select 1 as one', expected: [] },
  { sql: 'select 1 as one', declared: { tables: ['users'], models: ['User'] }, expected: ['users'] },
  {
    sql: 'select count(*) from audit_log, users',
    declared: { tables: ['categories'], models: ['Category'] },
    expected: ['categories', 'users'],
  },
  {
    sql: 'select * from users where id = $1',
    values: [2],
    declared: { tables: ['users'], models: ['users'] },
    expected: ['users'],
  },
  {
    sql: 'select link.secret from "_PostToTag" link',
    expected: 'not-analysable: unknown column link.secret',
  },
  { sql: 'select * from audit_log', expected: 'not-analysable: unknown table audit_log' },
  { sql: 'select u.post_count from users u', expected: 'not-analysable: unknown column u.post_count' },
  { sql: 'select now() from users', expected: 'volatile' },
  { sql: 'select now() from users', declared: { tables: ['users'], models: ['User'] }, expected: 'volatile' },
  { sql: "select id from users where name = current_setting('app.user')", expected: 'volatile' },
  { sql: 'select id from users where created_at > $1', values: ['yesterday'], expected: 'volatile' },
  { sql: 'select id from users where name = $1', values: ['now'], expected: ['users'] },
  { sql: 'select * from users for update', expected: 'locking' },
  { sql: 'select 1; select 2', expected: 'not-analysable: not one statement' },
  { sql: 'select post_count(id) from users', expected: 'not-analysable: it may write' },
  {
    sql: "select 'open",
    declared: { tables: ['users'], models: ['User'] },
    expected: 'not-analysable: an unterminated quote',
  },
];

/** Statements that write, in raw SQL, on the tables that both ORMs know. */
export const RAW_WRITES: readonly RawStatement<Changes | 'everything'>[] = [
  {
    sql: "update users set name = 'B' where id = $1",
    values: [2],
    expected: [['users', 'update', { before: { id: 'i:2' }, after: { id: 'i:2' } }]],
  },
  {
    sql: `update "users" set "name" = 'B' where "users"."id" = '1'`,
    expected: [['users', 'update', { before: { id: 'i:1' }, after: { id: 'i:1' } }]],
  },
  { sql: "update users set name = 'B' where score = 1", expected: ['users'] },
  {
    sql: "update users set name = 'B' where score = 1 returning id, email",
    rows: [{ id: 3, email: 'cy' }],
    expected: [['users', 'update', { before: { id: 'i:3' }, after: { id: 'i:3', email: 't:ci' } }]],
  },
  {
    sql: 'insert into tags (id, label) values ($1, $2)',
    values: [7, 'x'],
    expected: [['tags', 'create', { after: { id: 'i:7' } }]],
  },
  {
    sql: "insert into tags (label) values ('x') returning id, label",
    rows: [{ id: 9, label: 'x' }],
    expected: [['tags', 'create', { after: { id: 'i:9', label: 't:x' } }]],
  },
  { sql: 'insert into tags (label) select name from users', expected: ['tags'] },
  { sql: 'delete from comments where id = 4', expected: [['comments', 'delete', { before: { id: 'i:4' } }]] },
  {
    sql: 'delete from tags where id = $1',
    values: [1],
    expected: ['_PostToTag', ['tags', 'delete', { before: { id: 'i:1' } }]],
  },
  { sql: 'delete from users', expected: [...ALL_OF_A_USER, 'users'] },
  { sql: 'truncate posts cascade', expected: ['_PostToTag', 'comments', 'posts'] },
  { sql: 'truncate comments', expected: ['comments'] },
  { sql: 'delete from "_PostToTag"', expected: ['_PostToTag'] },
  { sql: 'insert into "_PostToTag" ("A", "B") values (1, 2)', expected: ['_PostToTag'] },
  { sql: 'select 1; delete from "_PostToTag"', expected: ['_PostToTag'] },
  {
    sql: 'update posts set title = users.name from users where users.id = posts.author_id and users.id = $1',
    values: [1],
    expected: ['posts'],
  },
  {
    sql: 'with gone as (delete from posts where id = 1 returning author_id) update users set score = 0 from gone where users.id = gone.author_id',
    expected: ['_PostToTag', 'comments', 'posts', 'users'],
  },
  { sql: 'select * from users for update', expected: [] },
  { sql: 'create temp table made (id integer) on commit drop', expected: [] },
  { sql: "select set_config('app.tenant', $1, true)", values: ['1'], expected: [] },
  { sql: 'delete from audit_log', expected: 'everything' },
  { sql: "select log_change('users')", expected: 'everything' },
  { sql: 'commit', expected: 'everything' },
  { sql: "select 'open", expected: 'everything' },
];
