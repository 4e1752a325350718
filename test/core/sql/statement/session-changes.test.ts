import { CacheEvents } from '@cachetastic/core';
import { SessionState } from '@cachetastic/core/adapter';
import { lastingChanges, parseSql } from '@cachetastic/core/sql';
import { describe, expect, it } from 'vitest';

type Provider = 'postgresql' | 'mysql' | 'sqlite' | 'sqlserver';

const changeOf = (provider: Provider, sql: string, parameters: readonly unknown[] = []): string | undefined =>
  lastingChanges(parseSql(sql, provider).session, parameters)[0]?.what;

describe('a temporary table', () => {
  it.each<[provider: Provider, sql: string, name: string | undefined]>([
    ['postgresql', 'create temp table Users (id integer)', 'users'],
    ['postgresql', 'create local temporary table if not exists "Users" as select 1', 'users'],
    ['postgresql', 'create or replace temp view users as select 1', 'users'],
    ['mysql', 'create temporary table if not exists `users` (id integer)', 'users'],
    ['sqlite', 'create temp table users (id integer)', 'users'],
    ['postgresql', 'explain analyze create temp table users as select 1', 'users'],
    ['postgresql', 'explain (analyze) create temporary table "Users" as select 1', 'users'],
    // In doubt it hides anything.
    ['postgresql', 'create table pg_temp.users (id integer)', undefined],
    ['postgresql', 'create temp table pg_temp.users (id integer)', undefined],
    ['postgresql', 'select * into temp users from other', undefined],
    ['postgresql', 'create temp recursive view users as select 1', undefined],
    ['sqlite', 'create temp trigger made after insert on users begin delete from posts; end', undefined],
    ['postgresql', 'set role app', undefined],
  ])('%s: %s hides %s', (provider, sql, name) => {
    const [change] = parseSql(sql, provider).session;
    expect(change).toBeDefined();
    expect(change?.hides).toBe(name);
  });
});

describe('a renamed table', () => {
  const refusalAfter = (provider: Provider, ...statements: readonly string[]): string | undefined => {
    const session = new SessionState();
    const events = new CacheEvents();
    for (const sql of statements) session.note(parseSql(sql, provider).session, [], events);
    return session.refusal(undefined, (table) => table === 'users');
  };

  it.each<[provider: Provider, sql: string]>([
    ['postgresql', 'alter table made rename to users'],
    ['postgresql', 'alter table if exists only "made" rename to "users"'],
    ['sqlite', 'alter table temp.made rename to users'],
    ['mysql', 'alter table made rename users'],
    ['mysql', 'alter table made add column a int, rename as users'],
    ['mysql', 'rename table other to others, made to users'],
  ])('%s: %s may hide a table if it was temporary', (provider, sql) => {
    expect(refusalAfter(provider, 'create temporary table made (id integer)', sql)).toBe('session-changed');
    expect(refusalAfter(provider, `create temporary table made (id integer); ${sql}`)).toBe('session-changed');
    expect(refusalAfter(provider, sql)).toBeUndefined();
    expect(refusalAfter(provider, 'create temporary table another (id integer)', sql)).toBeUndefined();
  });

  it('hides nothing if only a column of a temporary table is renamed', () => {
    const created = 'create temporary table made (id integer)';
    expect(refusalAfter('postgresql', created, 'alter table made rename column id to users')).toBeUndefined();
  });
});

describe('a statement that changes what other queries mean in its session', () => {
  it.each<[provider: Provider, sql: string, what: string]>([
    ['postgresql', 'set search_path to t2', 'set search_path'],
    ['postgresql', 'SET SESSION search_path = t2', 'set search_path'],
    ['postgresql', '/* why */ set "search_path" to t2', 'set search_path'],
    ['postgresql', 'select 1; set app.tenant = 2', 'set app.tenant'],
    ['postgresql', 'set time zone 3', 'set time zone'],
    ['postgresql', "set schema 't2'", 'set schema'],
    ['postgresql', 'set role app', 'set role'],
    ['postgresql', 'set session role app', 'set role'],
    ['postgresql', 'set session authorization app', 'set session authorization'],
    ['postgresql', 'reset search_path', 'reset search_path'],
    ['postgresql', 'reset all', 'reset all'],
    ['postgresql', 'reset session authorization', 'reset session authorization'],
    ['postgresql', 'discard all', 'discard all'],
    ['postgresql', 'discard temp', 'discard temp'],
    ['postgresql', "select set_config('app.tenant', '2', false)", "set_config('app.tenant')"],
    ['postgresql', "select pg_catalog.set_config('app.tenant', '2', $1)", "set_config('app.tenant')"],
    [
      'postgresql',
      "with x as (select set_config('search_path', '', false)) select 1 from x",
      "set_config('search_path')",
    ],
    ['postgresql', "select set_config('a.b', '1', true), set_config('a.b', '1', not true)", "set_config('a.b')"],
    ['postgresql', 'create temp table users (id integer)', 'create temporary table'],
    ['postgresql', 'create local temporary table users as select 1', 'create temporary table'],
    ['postgresql', 'create or replace temp view users as select 1', 'create temporary table'],
    ['postgresql', 'create table pg_temp.users (id integer)', 'create temporary table'],
    ['postgresql', 'select * into temp users from other', 'create temporary table'],
    ['postgresql', 'select * into temporary table users from other', 'create temporary table'],
    ['postgresql', 'do $$ begin set search_path to t2; end $$', 'a block of statements that may set something'],
    [
      'postgresql',
      "do $$ begin perform set_config('a.b', '1', false); end $$",
      'a block of statements that may set something',
    ],
    ['postgresql', 'alter role app set search_path to t2', 'alter role set search_path'],
    // It cannot be taken apart for certain.
    ['postgresql', "set search_path to 't2", 'set'],
    ['mysql', 'use other', 'use'],
    ['mysql', 'use `other`', 'use'],
    ['mysql', "set sql_mode = 'ANSI'", 'set sql_mode'],
    ['mysql', "set lock_wait_timeout = 5, session time_zone = '+03:00'", 'set time_zone'],
    ['mysql', "set @@session.time_zone = '+03:00'", 'set'],
    ['mysql', 'set names latin1', 'set names'],
    ['mysql', 'set role app', 'set role'],
    ['mysql', 'create temporary table users (id integer)', 'create temporary table'],
    ['sqlite', "attach 'other.db' as other", 'attach'],
    ['sqlite', 'detach other', 'detach'],
    ['sqlite', 'pragma case_sensitive_like = 1', 'pragma case_sensitive_like'],
    ['sqlite', 'pragma main.reverse_unordered_selects(1)', 'pragma reverse_unordered_selects'],
    ['sqlite', 'create temp table users (id integer)', 'create temporary table'],
    ['sqlite', 'create table temp.users (id integer)', 'create temporary table'],
    ['sqlserver', "exec sp_set_session_context 'tenant', 2", 'exec sp_set_session_context'],
    ['sqlserver', 'use other', 'use'],
  ])('%s: %s', (provider, sql, what) => {
    expect(changeOf(provider, sql)).toBe(what);
  });
});

describe('a statement that does not change what other queries mean in its session', () => {
  it.each<[provider: Provider, sql: string, parameters?: readonly unknown[]]>([
    ['postgresql', 'set local search_path to t2'],
    ['postgresql', 'set local role app'],
    ['postgresql', 'set transaction isolation level serializable'],
    ['postgresql', 'set session characteristics as transaction read only'],
    ['postgresql', 'set constraints all deferred'],
    ['postgresql', "set statement_timeout = '5s'"],
    ['postgresql', 'set session lock_timeout to 5'],
    ['postgresql', 'set client_min_messages to warning'],
    ['postgresql', "set application_name = 'reports'"],
    ['postgresql', 'set enable_seqscan = off'],
    ['postgresql', 'reset statement_timeout'],
    ['postgresql', "select set_config('app.tenant', '2', true)"],
    ['postgresql', "select set_config($1, $2, 'true'), set_config('app.user', $3, true)", ['app.tenant', '2', '3']],
    ['postgresql', "select set_config('app.tenant', $1, $2::boolean)", ['2', true]],
    ['postgresql', "select set_config('statement_timeout', '5s', false)"],
    ['postgresql', 'create temp table users (id integer) on commit drop'],
    ['postgresql', 'create table temp (id integer)'],
    ['postgresql', 'insert into temp select * from users'],
    ['postgresql', 'discard plans'],
    ['postgresql', 'do $$ begin update users set name = 1; end $$'],
    ['postgresql', 'alter role app set statement_timeout to 5'],
    ['postgresql', 'update users set search_path = 1'],
    ['postgresql', "select 'set search_path to t2'"],
    ['postgresql', "update users set name = U&'set'"],
    ['mysql', 'set lock_wait_timeout = 5, max_execution_time = 10'],
    ['mysql', 'set session transaction isolation level read committed'],
    ['mysql', 'set foreign_key_checks = 0'],
    ['mysql', 'set @a = 1, @b := 2'],
    ['mysql', "update users set name = 'a\\\\b'"],
    ['sqlite', 'pragma busy_timeout = 500'],
    ['sqlite', 'pragma table_info(users)'],
    ['sqlite', 'pragma case_sensitive_like'],
    ['sqlserver', 'set nocount on'],
  ])('%s: %s', (provider, sql, parameters) => {
    expect(changeOf(provider, sql, parameters)).toBeUndefined();
  });
});
