import { describe, expect, it } from 'vitest';
import type { Change } from '../../../packages/core/src/invalidation/change.js';
import { mayAffect } from '../../../packages/core/src/invalidation/may-affect.js';
import { analyseRaw, type ReturnedRow, readSqlText } from '../../../packages/core/src/sql/index.js';
import { declarationsFor, smallSchema, writing } from './small-schema.js';

const changedTables = (changes: readonly Change[]): readonly string[] => [
  ...new Set(changes.map((change) => (change.kind === 'model' ? change.model : change.kind))),
];

/** The tables that `sql` is found to change, by both ways to ask. */
function changes(sql: string, provider = 'postgresql'): readonly string[] {
  const schema = smallSchema(provider);
  const raw = changedTables(
    analyseRaw(schema, declarationsFor(schema), readSqlText(sql, schema.provider)).write.changes,
  );
  const found = changedTables(writing(sql, [], provider).changes);
  return found.includes('everything')
    ? found
    : found.filter((table) => raw.includes(table) || raw.includes('everything'));
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

describe('no changed table is missed', () => {
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
    ['delete from orgs', ['orgs', 'users']],
    ['delete from users', ['users', 'posts', 'comments']],
    // A view's rows are those of its tables, and what hangs on them goes along.
    ['delete from active_users where id = 1', ['active_users', 'users', 'posts', 'comments']],
    ['delete from active_names', ['active_names', 'active_users', 'users', 'posts', 'comments']],
    ['update active_names set name = 1', ['active_names', 'active_users', 'users']],
    ['copy users from stdin', ['everything']],
    ['explain analyze delete from comments', ['comments']],
    ['explain ("analyze") delete from comments', ['everything']],
    ['select insert(1)', ['everything']],
    ['select distinct on (id) clean_up(id) from users', ['everything']],
    ['select * from clean_up() as (values int)', ['everything']],
    ['select key(1)', ['everything']],
    ['update codes c, comments m set m.body = 1 where c.code = 1', ['codes', 'comments'], 'mysql'],
    ['update codes straight_join comments m set m.body = 1', ['codes', 'comments'], 'mysql'],
    ['delete p from users u join posts p on true', ['everything'], 'mysql'],
    ['delete from users, posts using users join posts on true', ['users', 'posts'], 'mysql'],
    ['set autocommit = 1', ['everything'], 'mysql'],
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

describe('no changed row is missed', () => {
  it.each<[sql: string, id: number, given?: Given]>([
    ['insert into users (id) values (1) union all select 2', 2],
    ['insert into users (id) values (1), (2) except select 3', 2],
    ['insert into users (id, name) values (1, 2) on conflict (id) do update set id = 2', 2],
    ['update users as u set name = 1 from users where users.id = 1 and u.boss_id = users.id', 2],
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
  ])('what is no column tells nothing: %s', (sql, given) => {
    expect(hears(sql, 'sessions', { user: 't:bob' }, given)).toBe(true);
  });

  it('every key may have a conflict of its own', () => {
    const sql =
      'insert into users (id) values (1) on conflict (slug) do update set name = 1 on conflict (id) do update set id = 2';

    expect(hears(sql, 'posts', { author_id: 'i:7' }, { provider: 'sqlite' })).toBe(true);
  });

  it('an organisation that goes is missed by its people, whoever they are', () => {
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
  ])('while others are left alone: %s', (sql, given) => {
    expect(hears(sql, 'posts', { id: 'i:1' }, given)).toBe(true);
    expect(hears(sql, 'posts', { id: 'i:2' }, given)).toBe(false);
  });
});
