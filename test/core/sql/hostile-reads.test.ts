import { describe, expect, it } from 'vitest';
import { mayAffect } from '../../../packages/core/src/match/may-affect.js';
import { reading } from './small-schema.js';

/** The tables that `sql` depends on, or why it is refused. */
function reads(sql: string, parameters: readonly unknown[] = [], provider = 'postgresql'): readonly string[] | string {
  const found = reading(sql, parameters, provider);
  return found.cacheable ? found.footprint.dependencies.map(({ model }) => model).toSorted() : found.reason;
}

/** Whether a read may notice that the user with `id` changed. */
function noticesUser(sql: string, id: number, parameters: readonly unknown[] = [], provider = 'postgresql'): boolean {
  const found = reading(sql, parameters, provider);
  const facts = { id: `i:${id}` };
  return (
    !found.cacheable ||
    mayAffect(found.footprint, { kind: 'model', model: 'users', op: 'update', before: facts, after: facts })
  );
}

/** Whether a read of codes may notice that the one which is `code` changed. */
function noticesCode(sql: string, code: string, provider: string): boolean {
  const found = reading(sql, [], provider);
  const facts = { code };
  return (
    !found.cacheable ||
    mayAffect(found.footprint, { kind: 'model', model: 'codes', op: 'update', before: facts, after: facts })
  );
}

describe('no table that a query reads is missed', () => {
  it.each<[sql: string, read: readonly string[]]>([
    ['with x as (select 1) table users', ['users']],
    ['with x as (select 1) (table users)', ['users']],
    ['select 1 union all table users', ['users']],
    ['select * from orgs join posts p on p.order = orgs.offset, users', ['orgs', 'posts', 'users']],
    ['select * from orgs o join posts p on o.values = p.set, users', ['orgs', 'posts', 'users']],
    ['select * from orgs left join posts on orgs.id = posts.limit, users u', ['orgs', 'posts', 'users']],
    ['select u.name, (select count(*) from posts where author_id = u.id) from users u', ['posts', 'users']],
    [
      'select name from users order by (select max(id) from posts), (select 1 from comments)',
      ['comments', 'posts', 'users'],
    ],
    ['select name from users limit (select count(*) from posts)', ['posts', 'users']],
    ['select sum(score) filter (where id in (select id from posts)) from users', ['posts', 'users']],
    ['select sum(score) over (order by (select id from posts limit 1)) from users', ['posts', 'users']],
    ['values ((select name from users)), (1)', ['users']],
    ['select array(select id from users)', ['users']],
    ['select * from orgs cross join lateral (select * from users where org_id = orgs.id) x', ['orgs', 'users']],
    [
      'select * from (orgs natural join posts) join (comments join users using (id)) as j using (id)',
      ['comments', 'orgs', 'posts', 'users'],
    ],
    ['select * from rows from (generate_series(1, 2), unnest(array[1])) as r(a, b), users', ['users']],
    ['with users as (select id from posts) select * from users', ['posts', 'users']],
    ['with a as (with b as (select * from posts) select * from b) select * from a', ['posts']],
    ['select * from "users" as "posts" where exists (select from orgs)', ['orgs', 'users']],
    ['select from users', ['users']],
    ['select distinct from users', ['users']],
    ['select 1.from users', ['users']],
    ["select 'a' 'b', $x$ from posts $x$, E'\\' from posts' from users", ['users']],
    ['select * from users -- from posts', ['users']],
    ['select * from public.users, only posts *, comments * as c', ['comments', 'posts', 'users']],
    ['select * from active_names', ['active_names', 'active_users', 'users']],
  ])('%s', (sql, read) => {
    const found = reads(sql);

    // A refusal is no answer that could become stale.
    if (typeof found !== 'string') expect(found).toEqual(expect.arrayContaining([...read]));
  });

  it.each<[sql: string, read: readonly string[]]>([
    ['select * from users where id in codes', ['codes', 'users']],
    ['select * from users where id not in codes and id > 1', ['codes', 'users']],
    ['select * from users where id in main.codes or id in "posts"', ['codes', 'posts', 'users']],
    ["select id in codes, name from users where id in json_each('[1]') limit 5", ['codes', 'users']],
    ['with codes as (select 1) select * from users where id in codes', ['codes', 'users']],
  ])('SQLite reads a table that follows `in`: %s', (sql, read) => {
    expect(reads(sql, [], 'sqlite')).toEqual(read);
  });

  it.each<[sql: string, why: RegExp]>([
    // Common table expressions are known where they are, and nowhere else.
    ['select * from (with audit as (select 1) select * from audit) q, audit', /unknown table audit/],
    ['with audit as (select * from audit) select * from audit', /unknown table audit/],
    ['with a as (select * from audit), audit as (select 1) select * from a, audit', /unknown table audit/],
    ['with audit as (select 1) select * from public.audit', /unknown table audit/],
    ['with audit as (select 1) select * from "Audit"', /unknown table Audit/],
    ['select count(*) over w from audit window w as (order by 1), audit as ("w")', /unknown table audit/],
    ['select * from users, audit as users2', /unknown table audit/],
    // What databases know about themselves changes without us.
    ['select * from pg_catalog.users', /never cached/],
    ['select * from information_schema.codes', /never cached/],
    ['select * from pg_temp.users', /never cached/],
    // Functions that may read more.
    ['select u.post_count from users u', /unknown column .*post_count/],
    ['select (u).post_count from users u', /unknown column .*post_count/],
    ['select public.users.post_count from users', /unknown column .*post_count/],
    ['select distinct on (id) post_count(id) from users', /may write/],
    ['select * from post_count(1) as (values int)', /may write/],
    ['select key(id) from users', /may write/],
    ['select 1 from users where not separator(id)', /may write/],
    ['select 1 from users where "Lower"(name) = $1', /may write/],
    // Whatever stands where a table should.
    ['select * from users join', /missing/],
    ['select * from (users join) x', /missing/],
    ['select * from orgs join posts on offset = 1, users', /name of a column/],
    ['select * from users set, posts', /set as a name/],
    ['select * from users values, posts', /values as a name/],
    ['select * from (select 1) set, posts', /set as a name/],
    ['select * from generate_series(1, 2) set (id), posts', /set as a name/],
    ['select * from orgs join users on orgs.id = users.id collate set, posts', /name of a column/],
    // Blanks and letters that are other ones to the database.
    ['select * from users\u00a0', /whitespace/],
    ['select * from users\u2003u', /whitespace/],
    ['select * from u\u017fers', /unknown table/],
    ['select * from codes\u0301', /unknown table/],
    ["select E'a'\n'b\\' ', (select count(*) from orgs) as \"x', '\"", /continued on the next line/],
    ["select $\u0301$ ' $\u0301$ from users, (select ' from posts) x", /not-analysable/],
  ])('a query whose tables are uncertain is refused: %s', (sql, why) => {
    expect(reads(sql)).toMatch(why);
  });

  it.each([
    'select id from users where not id = 1',
    'select id from users where not exists (select 1 from users)',
    'select id from users u where left(name, 1) = $1',
    'select id from (select id from users) u where not id = 1',
    'select count(*) from users group by name having not count(*) > 1',
    'select id from users limit all',
    'select id from users where id = 1 union select id from users where not id = 2',
    'select id from users order by id offset 5 rows fetch next 2 rows only',
  ])('a clause may begin with a word that may also follow an alias: %s', (sql) => {
    expect([...new Set(reads(sql))]).toEqual(['users']);
  });

  it.each<[provider: string, sql: string]>([
    ['sqlite', 'select * from only'],
    ['sqlite', "select * from 'users'"],
    ['sqlite', "select 1 -- \r ' from users \n, '"],
    ['sqlite', 'with audit as (select 1) select * from main.audit'],
    ['sqlite', 'select * from temp.users'],
    ['sqlite', 'select * from users for, posts'],
    ['sqlite', 'select * from users for join orgs on true, posts'],
    ['sqlite', 'select * from users offset, posts'],
    ['sqlite', 'select * from users window, posts'],
    ['sqlite', 'select * from users fetch indexed by x, posts'],
    ['sqlite', "select * from users join orgs on name like 'a' escape offset, posts"],
    ['sqlite', "select * from users where id in 'codes'"],
    ['sqlite', 'select * from users where id in audit'],
    ['mysql', 'select * from users returning, posts'],
    ['mysql', 'select * from users offset force index (a), posts'],
    ['mysql', 'select * from only, users'],
    ['mysql', "select 1 from codes # \r ' \n, users where ''"],
    ['mysql', "select 'a''\\' , (select name from users), ' "],
    ['mysql', 'select * from users.2fa_tokens'],
    ['mysql', 'select * from users.$tokens'],
    ['mysql', 'select * from { oj users left outer join posts on true }'],
    ['mysql', 'select next value for users_id'],
    ['mysql', "select * from users for system_time as of '2020-01-01'"],
    ['cockroachdb', "select * from users as of system time '-10s'"],
  ])('on %s, a query whose tables are uncertain is refused: %s', (provider, sql) => {
    expect(typeof reads(sql, [], provider)).toBe('string');
  });
});

describe('a query whose result differs each time is refused', () => {
  it.each([
    "select * from users where born > 'today 12:00'",
    "select * from users where born > '12:00 yesterday'",
    "select '(now)'::timestamptz, 'now!'::timestamptz",
    "select '{now}'::timestamptz[]",
    "select '[now,tomorrow)'::tstzrange",
    "select 'UTC today'::timestamptz",
    'select xmlagg(x) from (select statement_timestamp() x) y',
    'select current_user',
  ])('%s', (sql) => {
    expect(reads(sql)).toBe('volatile');
  });

  it.each<[parameter: unknown]>([['12:00 today'], ['[now,)'], [['2020-01-01', 'now']], ['{now}']])(
    'a query is refused with the parameter %o',
    (parameter) => {
      expect(reads('select * from users where born > $1', [parameter])).toBe('volatile');
    },
  );

  it.each([
    'select * from users where born = $1',
    'select * from users where name = $1::timestamptz::text',
    'select * from users where name = $1 || score',
    'select * from users where name = $1 and born = $1',
    'select * from users where born in ($1)',
    'select * from users where (name, born) = ($2, $1)',
    'select * from users where lower(name) = $1',
    'select * from users where score + born = $1',
    'select * from users where $1 < born',
    'select * from users where born between $1 and $2',
    'select * from users where name = $2 limit $1',
    'select $1 from users',
    'select * from (select born as name from people) users where name = $1',
    'select * from (select now_at as name from users) x where x.name = $1',
    'with users as (select score as name from posts) select * from users where name = $1',
    'select * from users as u (name) where u.name = $1',
    'select * from users where exists (select 1 from generate_series(1, 2) as x (name) where x.name = $1)',
    'select * from users where exists (select 1 from json_each_text($2) as users (name) where users.name = $1)',
    'select * from users where name like $1::timestamptz::text',
    'select * from users where case when true then born end = $1',
  ])('a query is refused with a parameter that may be read as a time: %s', (sql) => {
    expect(reads(sql, ['now', 'x'])).toMatch(/volatile|not-analysable/);
  });

  it.each<[sql: string, provider?: string]>([
    ['select * from users where name = $1'],
    ['select * from users u where u.name <> $1 order by id'],
    ['select * from users where $1 = users.name or score = 1'],
    ['select * from users where name in ($2, $1)'],
    ['select * from users where users.name not in ($2, $1) limit 5'],
    ['select * from users where name = any($1)'],
    ['select * from users where (name >= $1) and score > 1'],
    ['select * from users where name like $1'],
    ['select * from users where born ilike $1 and score = 1'],
    ['select * from users where unheard_of not like $1'],
    ['select * from users where name similar to $1'],
    ['select * from users where name ~ $1 or name ~* $1 or name !~ $1'],
    ['select u.id from users u join posts p on p.author_id = u.id where p.title = $1'],
    ['select count(*) over (), row_number() over () from users where name = $1'],
    ['select * from users where born > ?', 'mysql'],
  ])('a parameter that is compared with a string or is a pattern is accepted: %s', (sql, provider = 'postgresql') => {
    expect(reads(sql, ['now', 'x'], provider)).toContain('users');
  });

  it.each([
    "select * from users where name ilike '%now%'",
    "select * from users where name = 'today'",
    "select * from users where name in ('now', 'today')",
    'select count(*) over () from users',
    'select mode() within group (order by id) from users',
    'select count(*) filter (where score > 1) over (order by id) from users group by ()',
    'select score from users group by grouping sets ((), (score))',
  ])('a word such as now is accepted in a string or before a bracket: %s', (sql) => {
    expect(reads(sql)).toEqual(['users']);
  });

  it.each([
    "select * from users where E'\\x6eow'::timestamptz > born",
    "select * from users where U&'n\\006fw'::timestamptz > born",
    "select * from users where 'no'\n'w'::timestamptz > born",
  ])('a query is refused with a time hidden by escapes: %s', (sql) => {
    expect(reads(sql)).toBe('volatile');
  });

  it.each(['knowhow', 'the show must go on', 'What are we going to do now', "tomorrow's parties are the best"])(
    'prose is accepted as a parameter: %s',
    (parameter) => {
      expect(reads('select * from users where name = $1', [parameter])).toEqual(['users']);
    },
  );
});

describe('no row that a query reads is missed', () => {
  it.each<[sql: string, parameters?: readonly unknown[]]>([
    ['select * from users u where u.id = 1 and u.order > 2 or u.score = 3'],
    ['select * from users where id = 1 and lock or score = 3'],
    ['select * from users u where u.id = 1 and (u.score = 1 or u.name = 1) or u.score = 3'],
    ['select u.where and u.id = 1 and u.score from users u'],
    ['select * from users u (name, id) where u.id = 1'],
    ['select * from users ignore, (select 1 as id) users where users.id = 1'],
    ['select * from users ignore, generate_series(1, 2) as users(id) where users.id = 1'],
    ['select * from users as u (name, id) where id = 1'],
    ['select * from users u left join users v on v.id = u.boss_id where v.id = 1'],
    ['select * from users u, users v where v.id = 1'],
    ['select * from users u join lateral (select * from users) v on true where u.id = 1'],
    ['select (select count(*) from users) from users where id = 1'],
    ['with u as (select * from users) select * from u join users on true where users.id = 1'],
    ['with users as (select boss_id as id, name from users) select * from users where id = 1'],
    ['select * from users where id = 1 union select * from users'],
    ['(select * from users where id = 1) union (select * from users)'],
    ['select * from users where id = 1 is not true'],
    ['select * from users where (id = 1) = false'],
    ['select * from users where id = $1', [null]],
    ['select * from users where id = $1', ['1.0']],
    ['select * from users where id = $1', [Number.NaN]],
    ['select * from users where id in (1, null)'],
    ['select * from users where id is distinct from 1'],
    ['select * from users where not id = 1'],
    ['select * from users where case when true then true else false and id = 1 end'],
    ['select * from users where id = any($1)', [[2]]],
    ['select * from users where id = 1 % 3 + 1'],
    ['select * from users where id between 1 and 2 and id = 2 or true'],
    ['select * from users where -id = 1'],
    ['select * from users where id = -1'],
    ['select * from users where id = 1::int4::text::int * 2'],
    ['select * from users full join orgs using (id) where id = 1'],
    ['table users'],
  ])('%s %j', (sql, parameters) => {
    expect(noticesUser(sql, 2, parameters)).toBe(true);
  });

  it.each<[provider: string, sql: string, parameters: readonly unknown[]]>([
    ['mysql', 'select * from users where id = ? and score || name', [1]],
    ['mysql', 'select * from users where id = ? && score || name', [1]],
    ['mysql', 'select * from users where id = ? and score xor name', [1]],
    ['mysql', 'select * from users where "id" = 1', []],
    ['mysql', "select '?' from users where id = ? and score = ?", [1, 2]],
    ['mysql', 'select /* ? */ * from users where id = ? and score = ?', [1, 2]],
    ['mysql', 'select ?? from users where id = ? and score = ?', ['name', 2, 1]],
    ['sqlite', 'select * from users where name = ?3 and id = ?', ['a', 1, 'b', 2]],
    ['sqlite', 'select * from users where name = :n and id = ?', [1, 2]],
    ['sqlite', 'select * from users where name = $n and id = ?', [1, 2]],
  ])('on %s: %s', (provider, sql, parameters) => {
    expect(noticesUser(sql, 2, parameters, provider)).toBe(true);
  });

  it.each<[provider: string, sql: string, code: string]>([
    ['mysql', 'select * from codes where code = 5', 't:5abc'],
    ['sqlite', 'select * from codes where code = 5e0', 't:5'],
    ['postgresql', "select * from codes where code = E'\\x61'", 't:a'],
  ])('on %s, with strings as keys: %s', (provider, sql, code) => {
    expect(noticesCode(sql, code, provider)).toBe(true);
  });

  it.each<[sql: string, parameters?: readonly unknown[]]>([
    ['select * from users where id = 1'],
    ['select * from users where id = $1 and name like $2 order by name limit 5', [1, 'x']],
    [
      'select "users"."id" from "users" left join "posts" on "posts"."author_id" = "users"."id" where ("users"."id" = $1)',
      [1],
    ],
    ['select * from public.users where public.users.id = $1 and (score > 2 or name = $2)', ['1', 'x']],
  ])('rows with another key are excluded: %s', (sql, parameters) => {
    expect(noticesUser(sql, 1, parameters)).toBe(true);
    expect(noticesUser(sql, 2, parameters)).toBe(false);
  });
});
