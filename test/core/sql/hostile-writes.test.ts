import { describe, expect, it } from 'vitest';
import type { Change } from '../../../packages/core/src/match/change.js';
import { mayAffect } from '../../../packages/core/src/match/may-affect.js';
import {
  analyseWrite,
  KnownFunctions,
  ParsedSqlCache,
  type ReturnedRow,
} from '../../../packages/core/src/sql/index.js';
import { declarationsFor, smallSchema, writing } from './small-schema.js';

const changedTables = (changes: readonly Change[]): readonly string[] => [
  ...new Set(changes.map((change) => (change.kind === 'model' ? change.model : change.kind))),
];

/** The tables that `sql` is found to change. */
function changes(sql: string, provider = 'postgresql'): readonly string[] {
  return changedTables(writing(sql, [], provider).changes);
}

interface Given {
  readonly provider?: string;
  readonly parameters?: readonly unknown[];
  readonly rows?: readonly ReturnedRow[];
}

/** Whether who reads `table` by a key hears of `sql`. */
function hears(sql: string, table: string, where: Readonly<Record<string, string>>, given: Given = {}): boolean {
  const { changes: found } = writing(sql, given.parameters, given.provider, given.rows);
  return found.some((change) => mayAffect({ dependencies: [{ model: table, where }], tags: [] }, change));
}

describe('no table that a statement changes is missed', () => {
  it.each<[sql: string, changed: readonly string[], provider?: string]>([
    ['insert into comments (id) with x as (delete from posts returning id) select id from x', ['comments', 'posts']],
    [
      'with a as (update codes set label = 1), b as (insert into orgs values (1)) delete from comments',
      ['codes', 'comments', 'orgs'],
    ],
    [
      'merge into comments c using posts p on true when matched then update set body = 1 when not matched then insert (id) values (1)',
      ['comments'],
    ],
    [
      'with recursive x as (select 1 as id union all select id from x) search depth first by id set key update posts set title = 1',
      ['posts'],
    ],
    [
      'with recursive x as (select 1 as id union all select id from x) cycle id set again using key update posts set title = 1',
      ['posts'],
    ],
    ['with x as (update ignore users set name = 1) delete from comments', ['everything']],
    ['with x as (delete from quick users where users.id = 1) delete from comments', ['everything']],
    ['delete from orgs', ['orgs', 'users']],
    ['delete from users', ['users', 'posts', 'comments']],
    // A view's rows are those of its tables, and what hangs on them goes along.
    ['delete from active_users where id = 1', ['active_users', 'users', 'posts', 'comments']],
    ['delete from active_names', ['active_names', 'active_users', 'users', 'posts', 'comments']],
    ['update active_names set name = 1', ['active_names', 'active_users', 'users']],
    ['copy users from stdin', ['users']],
    ['copy public.users (id, name) from stdin', ['users']],
    ['copy (delete from posts returning id) to stdout', ['posts', 'comments']],
    ['copy (select clean_up()) to stdout', ['everything']],
    ['explain analyze delete from comments', ['comments']],
    ['explain ("analyze") delete from comments', ['comments']],
    ['explain (costs off, analyse true) delete from comments', ['comments']],
    ['explain (analyze false, analyze) delete from comments', ['comments']],
    ["explain (verbose, analyze 'on') delete from comments", ['comments']],
    ['explain analyze verbose with x as (delete from comments returning id) select * from x', ['comments']],
    ['explain analyze execute p', ['everything']],
    ['explain (analyze) select clean_up()', ['everything']],
    ['explain analyze create table x as select clean_up()', ['everything']],
    ['analyze update codes set label = 1', ['codes'], 'mysql'],
    ['analyze format=json delete from codes', ['codes'], 'mysql'],
    ['execute p', ['everything']],
    ['execute p(1)', ['everything']],
    ['prepare transaction $$x$$', ['everything']],
    ['declare c cursor for select clean_up()', ['everything']],
    ['create table x as select clean_up()', ['everything']],
    ['create table x as with y as (select 1) select clean_up()', ['everything']],
    ['create temp table x as execute p', ['everything']],
    ['create materialized view x as select clean_up()', ['everything']],
    ['create table x select clean_up()', ['everything'], 'mysql'],
    ['create table x (id int) select clean_up()', ['everything'], 'mysql'],
    ['create table x (select clean_up())', ['everything'], 'mysql'],
    ['create table users (id int)', ['users']],
    ['create view active_users as select 1', ['active_users']],
    ['create or replace view inner_view as select 1', ['everything']],
    ['create or replace table x (id int)', ['everything'], 'mysql'],
    ['create trigger t after insert on users execute function f()', ['everything']],
    ['create rule r as on insert to users do also delete from posts', ['everything']],
    ['create policy p on users using (true)', ['everything']],
    ['create function lower(x int) returns int language sql as $$ select 1 $$', ['everything']],
    ['create extension x', ['everything']],
    ['alter table users add x int', ['everything']],
    ['alter policy p on users using (true)', ['everything']],
    ['drop table users', ['everything']],
    ['drop view inner_view', ['everything']],
    ['drop policy p on users', ['everything']],
    ['grant admin to app', ['everything']],
    ['revoke select on users from app', ['everything']],
    ['refresh materialized view unheard_of', ['everything']],
    ['refresh materialized view concurrently public.active_users', ['active_users']],
    ['import foreign schema x from server y into z', ['everything']],
    ['attach database $x as y', ['everything'], 'sqlite'],
    ['detach database y', ['everything'], 'sqlite'],
    ['drop trigger t', ['everything'], 'sqlite'],
    ['rename table users to people', ['everything'], 'mysql'],
    ['repair table users', ['everything'], 'mysql'],
    ["load data infile 'x' into table codes", ['codes'], 'mysql'],
    ["load data local infile 'x' replace into table db.codes fields terminated by ','", ['codes'], 'mysql'],
    ['replace codes (code) values (1)', ['codes'], 'mysql'],
    ['replace delayed codes (code) values (1)', ['codes'], 'mysql'],
    ['insert codes (code) values (1)', ['codes'], 'mysql'],
    ['insert low_priority ignore codes (code) values (1)', ['codes'], 'mysql'],
    ['insert codes (code) values (clean_up(1))', ['everything'], 'mysql'],
    ['delete c from codes c join comments m on true', ['codes'], 'mysql'],
    ['delete c, m from codes c join comments as m on true', ['codes', 'comments'], 'mysql'],
    ['delete c.*, db.m.* from codes c, comments m', ['codes', 'comments'], 'mysql'],
    ['delete from c, m using codes c join comments m', ['codes', 'comments'], 'mysql'],
    ['delete quick C from codes c', ['codes'], 'mysql'],
    ['delete codes from codes', ['codes'], 'mysql'],
    ['delete x from codes c', ['everything'], 'mysql'],
    ['select insert(1)', ['everything']],
    ['select distinct on (id) clean_up(id) from users', ['everything']],
    ['select * from clean_up() as (values int)', ['everything']],
    ['select key(1)', ['everything']],
    ['update codes c, comments m set m.body = 1 where c.code = 1', ['codes', 'comments'], 'mysql'],
    ['update codes straight_join comments m set m.body = 1', ['codes', 'comments'], 'mysql'],
    ['delete p from users u join posts p on true', ['posts', 'comments'], 'mysql'],
    ['delete from users, posts using users join posts on true', ['users', 'posts'], 'mysql'],
    ['with x as (select 1) delete codes, comments from codes join comments on true', ['codes', 'comments'], 'mysql'],
    ['with x as (select 1) delete from c, m using codes c join comments m', ['codes', 'comments'], 'mysql'],
    ['set autocommit = 1', ['everything'], 'mysql'],
    ['set statement max_statement_time = 1 for update codes set label = 1', ['codes'], 'mysql'],
    [
      'set statement max_statement_time = 1, lock_wait_timeout = 2 for delete from posts',
      ['posts', 'comments'],
      'mysql',
    ],
    ['set statement max_statement_time = 1 for alter table codes drop label', ['everything'], 'mysql'],
    ['start transaction', ['everything'], 'mysql'],
    ['update or replace codes set code = 1', ['codes'], 'sqlite'],
    ['replace into users values (1)', ['users', 'posts', 'comments'], 'sqlite'],
    ["delete from 'users'", ['everything'], 'sqlite'],
    ["delete from users -- \r ' \n; delete from posts -- '", ['everything'], 'sqlite'],
    ["update codes set label = 'a''\\' , code = ' ' ", ['everything'], 'mysql'],
    ["update codes set label = E'a'\n'\\' ; delete from posts; select ' '", ['everything']],
  ])('%s', (sql, changed, provider) => {
    expect(changes(sql, provider)).toEqual(expect.arrayContaining([...changed]));
  });
});

describe('no row that a statement changes is missed', () => {
  it.each<[sql: string, id: number, given?: Given]>([
    ['insert into users (id) values (1) union all select 2', 2],
    ['insert into users (id) values (1), (2) except select 3', 2],
    ['insert into users (id, name) values (1, 2) on conflict (id) do update set id = 2', 2],
    ["delete from users for portion of stay from '2000-01-01' to '2001-01-01' where id = 1", 2, { provider: 'mysql' }],
    ['update users as u set name = 1 from users where users.id = 1 and u.boss_id = users.id', 2],
    ['update users * as u set name = 1 from users where users.id = 1 and u.boss_id = users.id', 2],
    ['delete from users * u using users where users.id = 1 and u.boss_id = users.id', 2],
    ['update users u set name = 1 from users "U" where "U".id = 1 and u.boss_id = "U".id', 2],
    ['update a.users set name = 1 from b.users where b.users.id = 1', 2],
    ['update users set name = 1 from posts where id = 1', 2],
    ['delete from users as u using users where users.id = 1 and u.boss_id = users.id', 2],
    ['update users set score = 1 where id = 1 or score = 2', 2],
    ['update users u set score = 1 where u.id = 1 and u.limit = 2 or u.score = 2', 2],
    ['update users set score = 1 where current_user = $1', 2, { parameters: ['x'] }],
    ['update users set id = 2 where id = 1', 2],
    ['update users set id = 2 where id = 1', 1],
    ['update users set id = id + 1 where id = 1', 2],
    ['update users set (id, name) = (2, 3) where id = 1', 2],
    ['update users set name = 1, id = default where id = 1', 2],
    ['update users set name = x is distinct from y, id = 2 where id = 1', 2],
    ['delete from users where id in (1, 2)', 2],
    ['delete from orgs; delete from users where id = 1', 2],
    [
      'update orgs set title = ? where id = 3; delete from users where id = ?',
      2,
      { provider: 'mysql', parameters: [1, 2] },
    ],
    ["update users set name = '?', score = ? where id = ?", 2, { provider: 'mysql', parameters: [3, 1, 2] }],
    ['update users set name = ?2 where id = ?', 3, { provider: 'sqlite', parameters: [1, 2, 3] }],
    ['delete from users where "id" = 0', 2, { provider: 'mysql' }],
    ['delete from users where id = 1 || score', 2, { provider: 'mysql' }],
    ['delete from users where id = 1 and name || score', 2, { provider: 'mysql' }],
    // What came back belongs to the columns that it was asked for.
    ['update users set id = id + 1 returning *, id', 2, { rows: [[2, 1]] }],
    ['update users u set id = u.id + 1 from posts p returning p.id, u.id', 2, { rows: [[1, 2]] }],
    ['update users set id = id + 1 returning id, score as id', 2, { rows: [{ id: 1 }] }],
    ['insert into users select * from other returning score as x, id, name as id', 2, { rows: [{ id: 1, x: 1 }] }],
    ['insert into users as u select * from other returning (select 1) id, u.id', 2, { rows: [{ id: 1 }] }],
  ])('%s: %i', (sql, id, given) => {
    expect(hears(sql, 'users', { id: `i:${id}` }, given)).toBe(true);
  });

  it.each<[sql: string, given?: Given]>([
    ['update sessions set id = 1 where user = $1', { parameters: ['postgres'] }],
    ['delete from sessions where user = $1', { parameters: ['postgres'] }],
  ])('a condition that names no column excludes no row: %s', (sql, given) => {
    expect(hears(sql, 'sessions', { user: 't:bob' }, given)).toBe(true);
  });

  it('the conflict clauses of all keys are taken into account', () => {
    const sql =
      'insert into users (id) values (1) on conflict (slug) do update set name = 1 on conflict (id) do update set id = 2';

    expect(hears(sql, 'posts', { author_id: 'i:7' }, { provider: 'sqlite' })).toBe(true);
  });

  it('a cascading delete may affect every referencing row', () => {
    expect(hears('delete from orgs where id = 1', 'users', { id: 'i:7' })).toBe(true);
    expect(hears('delete from users where id = 1', 'comments', { id: 'i:7' })).toBe(true);
    expect(hears('delete from comments where id = 1', 'comments', { id: 'i:7' })).toBe(true);
  });

  it.each<[sql: string, given?: Given]>([
    ['update posts set title = $1 where id = $2', { parameters: ['x', 1] }],
    [
      'update public.posts as p set title = $1 where p.id = $2 returning p.title',
      { parameters: ['x', 1], rows: [['x']] },
    ],
    ['update posts p set title = $1 from users u where p.id = $2 and u.id = 2', { parameters: ['x', 1] }],
    ['delete from posts where "posts"."id" = $1 and title is not null', { parameters: ['1'] }],
    ['insert into posts (id, title) values ($1, $2)', { parameters: [1, 'x'] }],
    ['insert into posts (title) values ($1) returning id, title', { parameters: ['x'], rows: [[1, 'x']] }],
    ['insert into posts (title) values ($1) returning id, title', { parameters: ['x'], rows: [{ id: 1, title: 'x' }] }],
    ['update posts set title = $1 where id = $2', { parameters: ['x', 1] }],
  ])('rows with another key are excluded: %s', (sql, given) => {
    expect(hears(sql, 'posts', { id: 'i:1' }, given)).toBe(true);
    expect(hears(sql, 'posts', { id: 'i:2' }, given)).toBe(false);
  });
});

describe('a statement that changes no row invalidates nothing', () => {
  it.each<[provider: string, sql: string]>([
    ...[
      'explain (analyze) select * from users',
      'explain (analyze, buffers) select count(*) from users where id = 1',
      'explain (analyze off) delete from users',
      "explain (analyze 'false') delete from users",
      'explain (format json) delete from users',
      'explain (costs off) select clean_up()',
      'explain delete from users',
      'explain analyze select * from users',
      'prepare p as select 1',
      'prepare p (int) as delete from users where id = $1',
      'deallocate all',
      'discard all',
      'create temp table scratch (id int)',
      'create temporary table scratch as select * from users',
      'create table fresh (id int primary key, at timestamp default now())',
      'create table if not exists fresh (id int references users (id))',
      'create unlogged table fresh (id int)',
      'create table fresh as select id, count(*) from users group by id',
      'create view fresh as select clean_up() from users',
      'create materialized view fresh as select count(*) from users',
      'create index on users (name)',
      'create unique index concurrently i on users (lower(name), clean(score)) where clean(id)',
      'create sequence s',
      'create statistics s on id, name from users',
      "create type mood as enum ('sad')",
      'create domain d as int check (value > clean(1))',
      'drop index concurrently i',
      "comment on table users is 'x'",
      'grant select on users to public',
      'grant update (name) on users to app',
      'reindex table users',
      'reindex (verbose) table users',
      'analyze users (name)',
      'vacuum (full, analyze) users (name)',
      'cluster users using users_pkey',
      'checkpoint',
      "load 'library'",
      "security label on table users is 'x'",
      'copy users to stdout',
      'copy (select * from users) to stdout',
      'copy users (id, name) to stdout with (format csv)',
      'declare c cursor for select * from users',
      'fetch 10 from c',
      'close c',
      'listen x',
      "notify x, 'y'",
      "set search_path to 'x'",
      'select x::character varying(10), cast(y as pg_catalog.varchar(10)) from users',
    ].map((sql): [string, string] => ['postgresql', sql]),
    ...[
      'explain select * from users',
      'explain format=json delete from users',
      'describe users',
      'show create table users',
      'optimize table users',
      'optimize local table users, posts',
      'check table users',
      'checksum table users',
      'analyze table users',
      'analyze format=json select * from users',
      'flush tables',
      'create index i on users (name(10))',
      'create fulltext index i on users (name)',
      'create table fresh (id int primary key)',
      'create temporary table scratch (id int)',
      'drop index i on users',
      'grant select on db.users to app',
      "prepare p from 'delete from users'",
      'deallocate prepare p',
      'kill 5',
      'use db',
    ].map((sql): [string, string] => ['mysql', sql]),
    ...[
      'explain query plan delete from users',
      'vacuum',
      'reindex users',
      'analyze users',
      'pragma table_info(users)',
      'pragma foreign_keys = on',
      'create index if not exists i on users (lower(name))',
      'create table if not exists fresh (id integer primary key)',
      'create temp table scratch (id)',
      'create virtual table fresh using fts5(body, tokenize = porter)',
      'create view if not exists fresh as select 1',
      'drop index if exists i',
    ].map((sql): [string, string] => ['sqlite', sql]),
  ])('on %s: %s', (provider, sql) => {
    expect(writing(sql, [], provider)).toEqual({ changes: [] });
  });

  it('on MySQL, a definition invalidates once SQL has begun a transaction, because it commits it', () => {
    const schema = smallSchema('mysql');
    const texts = new ParsedSqlCache('mysql', new KnownFunctions('mysql'));
    const changed = (sql: string) =>
      changedTables(analyseWrite(schema, declarationsFor(schema), texts.parse(sql), [], undefined).changes);

    expect(changed('optimize table users')).toEqual([]);
    expect(changed('start transaction')).toEqual(['everything']);
    expect(changed('optimize table users')).toEqual(['everything']);
    expect(changed('explain select 1')).toEqual([]);
  });
});

it('a MySQL write to one of several tables does not invalidate the tables that it only reads', () => {
  expect(changes('delete m from codes c join comments m on true', 'mysql')).toEqual(['comments']);
});
