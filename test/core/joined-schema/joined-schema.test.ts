import { describe, expect, it } from 'vitest';
import type {
  Catalogue,
  CatalogueForeignKey,
  CatalogueTrigger,
} from '../../../packages/core/src/catalogue/catalogue.js';
import { joinCatalogue } from '../../../packages/core/src/joined-schema/joined-schema.js';
import {
  analyseRead,
  analyseWrite,
  Declarations,
  type DeclaredModels,
  KnownFunctions,
  parseSql,
  type ReturnedRow,
} from '../../../packages/core/src/sql/index.js';
import { smallSchema, WORDS } from '../sql/small-schema.js';

const EMPTY: Catalogue = {
  functions: { path: ['public'], functions: [], ofServer: [], likeColumns: new Map() },
  foreignKeys: [],
  triggers: [],
  inherits: [],
  shows: [],
  views: [],
  derived: [],
  collations: [],
  withoutRollback: [],
  missing: [],
};

function key(
  child: string,
  columns: string,
  parent: string,
  on: Partial<CatalogueForeignKey> = {},
): CatalogueForeignKey {
  return {
    child,
    childColumns: columns.split(' '),
    parent,
    parentColumns: ['id'],
    onDelete: 'NoAction',
    onUpdate: 'NoAction',
    ...on,
  };
}

function trigger(table: string, code: string | undefined, on: Partial<CatalogueTrigger> = {}): CatalogueTrigger {
  return {
    kind: 'trigger',
    table,
    name: 'the trigger t',
    ops: new Set(['create', 'update', 'delete']),
    before: false,
    code,
    ...on,
  };
}

/** What the small schema says with `catalogue`. */
function joined(catalogue: Partial<Catalogue>, declared: DeclaredModels = {}, provider = 'postgresql') {
  const functions = new KnownFunctions(provider);
  functions.learn(EMPTY.functions);
  const of = { ...EMPTY, ...catalogue };
  const { schema, findings } = joinCatalogue(smallSchema(provider), of, { functions, declared, option: 'tables' });
  const declarations = new Declarations(schema, declared, WORDS);
  const write = (sql: string, rows?: readonly ReturnedRow[]) =>
    analyseWrite(schema, declarations, parseSql(sql, provider, functions), [], rows);
  return {
    findings,
    lacks: findings.map(({ table, lacks }) => `${table}: ${lacks}`),
    write,
    /** The tables that it changes, with the key of the rows where it is known. */
    changed: (sql: string, rows?: readonly ReturnedRow[]) =>
      write(sql, rows)
        .changes.map((change) =>
          change.kind === 'model'
            ? [change.model, ...(change.op === 'any' ? [] : [change.op, change.before, change.after].filter(Boolean))]
            : [change.kind],
        )
        .map((parts) => parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '))
        .toSorted(),
    reads: (sql: string) => {
      const read = analyseRead({ schema: smallSchema(provider), declarations }, parseSql(sql, provider, functions), []);
      return read.cacheable ? read.footprint.dependencies.map(({ model }) => model).toSorted() : read.reason;
    },
  };
}

describe('a foreign key of the database', () => {
  it('is added if the schema in code lacks it, also with its table', () => {
    const { lacks, changed } = joined({
      foreignKeys: [
        key('badges', 'user_id', 'users', { onDelete: 'Cascade' }),
        key('awards', 'badge_id', 'badges', { onDelete: 'SetNull' }),
        key('codes', 'user', 'users', { onUpdate: 'Cascade' }),
      ],
    });

    expect(changed('delete from users where id = 1')).toEqual([
      'awards',
      'badges delete',
      'comments',
      'posts delete {"author_id":"i:1"}',
      'users delete {"id":"i:1"}',
    ]);
    expect(changed('update users set id = 2 where id = 1').some((one) => one.startsWith('codes'))).toBe(true);
    expect(changed("update users set name = 'a' where id = 1")).toEqual(['users update {"id":"i:1"} {"id":"i:1"}']);
    expect(lacks).toEqual([
      'users: the foreign key badges (user_id) → users, on delete cascade',
      'users: the foreign key codes (user) → users, on update cascade',
    ]);
  });

  it('adds its action if the schema in code has another', () => {
    const { lacks, changed } = joined({
      foreignKeys: [key('comments', 'post_id', 'posts', { onDelete: 'SetNull' })],
    });

    expect(changed('delete from posts where id = 1')).toContain('comments');
    expect(lacks).toEqual([
      'posts: the action of the foreign key comments (post_id) → posts: the database has on delete set null, the schema in code has on delete cascade, on update no action',
    ]);
  });

  it('adds nothing if the schema in code has it, or if it changes no row', () => {
    expect(
      joined({
        foreignKeys: [
          key('posts', 'author_id', 'users', { onDelete: 'Cascade', onUpdate: 'Cascade' }),
          key('comments', 'post_id', 'posts', { onDelete: 'Restrict' }),
          key('badges', 'user_id', 'users'),
        ],
      }).findings,
    ).toEqual([]);
  });
});

describe('a trigger', () => {
  const COUNTS = "begin if tg_op = 'INSERT' then update orgs set title = 'x'; end if; return null; end";

  it('changes the tables that it writes to', () => {
    const { lacks, changed } = joined({ triggers: [trigger('codes', COUNTS)] });

    expect(changed("insert into codes values ('a')")).toEqual(['codes create', 'orgs']);
    expect(lacks).toEqual(['codes: the trigger t of codes, which writes to orgs']);
  });

  it('changes tables only for its operations', () => {
    const { changed } = joined({ triggers: [trigger('codes', COUNTS, { ops: new Set(['delete']) })] });

    expect(changed("insert into codes values ('a')")).toEqual(['codes create']);
    expect(changed('delete from codes')).toEqual(['codes delete', 'orgs']);
  });

  it('adds nothing if it is declared', () => {
    const { findings, changed } = joined({ triggers: [trigger('codes', COUNTS)] }, { codes: { triggers: ['orgs'] } });

    expect(changed("insert into codes values ('a')")).toEqual(expect.arrayContaining(['codes', 'orgs']));
    expect(findings).toEqual([]);
  });

  it('changes its own tables as well if the declaration names another table', () => {
    const { lacks, changed } = joined({ triggers: [trigger('codes', COUNTS)] }, { codes: { triggers: ['sessions'] } });

    expect(changed("insert into codes values ('a')")).toEqual(expect.arrayContaining(['codes', 'orgs', 'sessions']));
    expect(lacks).toHaveLength(1);
  });

  it('makes a write invalidate everything if it cannot be read, unless it is declared', () => {
    const triggers = [trigger('codes', "begin execute 'delete from users'; return null; end")];

    const { write, lacks, findings } = joined({ triggers });
    expect(write("insert into codes values ('a')")).toEqual({
      changes: [{ kind: 'everything' }],
      widened: 'trigger: the trigger t of codes cannot be read: it has execute',
    });
    expect(lacks).toEqual(['codes: the trigger t of codes']);
    expect(findings[0]).toMatchObject({ table: 'codes', advice: expect.stringContaining('tables.codes.triggers') });

    const declared = joined({ triggers }, { codes: { triggers: [] } });
    expect(declared.changed("insert into codes values ('a')")).toEqual(['codes']);
    expect(declared.findings).toEqual([]);
  });

  it('also runs the triggers and foreign keys of the tables that it writes to', () => {
    const { changed } = joined({
      triggers: [
        trigger('codes', 'begin delete from posts; return null; end'),
        trigger('comments', 'begin insert into log values (1); return null; end', { ops: new Set(['delete']) }),
      ],
    });

    expect(changed("insert into codes values ('a')")).toEqual(['codes create', 'comments', 'log', 'posts']);
  });

  it('leaves only returned values certain in the columns that it changes', () => {
    const code = 'begin new.id := 7; new.name = lower(new.name); return new; end';
    const { changed, findings } = joined({ triggers: [trigger('users', code, { before: true })] });

    expect(changed('insert into users (id, slug) values (1, $1)')).toEqual(['users create']);
    expect(changed('insert into users (id) values (1) returning id', [{ id: 7 }])).toEqual([
      'users create {"id":"i:7"}',
    ]);
    expect(changed("update users set name = 'a' where id = 1")).toContain('users update {"id":"i:1"}');
    expect(findings).toEqual([]);
  });

  it('leaves the key certain if it sets no key column', () => {
    const code = 'begin new.name := now(); return new; end';
    const { changed } = joined({ triggers: [trigger('users', code, { before: true })] });

    expect(changed('insert into users (id, slug) values (1, $1)')).toEqual(['users create {"id":"i:1"}']);
    expect(changed("update users set name = 'a' where id = 1")).toEqual(['users update {"id":"i:1"} {"id":"i:1"}']);
  });

  it('makes returned rows prove nothing if it writes to its own table', () => {
    const code = 'begin update users set slug = lower(new.slug) where id = new.id; return null; end';
    const { changed, findings } = joined({
      triggers: [trigger('users', code, { ops: new Set(['create', 'update']) })],
    });

    for (const statement of [
      "insert into users (id, slug) values (1, 'A') returning id, slug",
      "update users set slug = 'A' where id = 1 returning id, slug",
      "insert into users (id, slug) values (1, 'A') on conflict (id) do update set slug = 'A' returning id, slug",
    ])
      expect(changed(statement, [{ id: 1, slug: 'A' }]), statement).toContain('users');
    expect(findings).toEqual([]);
  });
});

describe('the code of a trigger', () => {
  it.each([
    [
      'a branch',
      'begin if new.id > 1 then delete from codes; else insert into sessions values (1); end if; end',
      'codes sessions',
    ],
    ['a loop', 'begin for r in select id from users loop update codes set label = r.id; end loop; end', 'codes'],
    ['a loop over what is written', 'begin for r in delete from codes returning * loop null; end loop; end', 'codes'],
    [
      'a merge',
      'begin merge into codes using users on true when matched then update set label = 1 when not matched then insert values (1); end',
      'codes',
    ],
    [
      'a merge in a branch',
      'begin if true then merge into codes using users on true when matched then delete; end if; end',
      'codes',
    ],
    [
      'a common table expression',
      'begin with x as (delete from codes returning *) insert into sessions select * from x; end',
      'codes sessions',
    ],
    [
      'a conflict',
      'begin insert into codes values (1) on conflict (code) do update set label = 2; return new; end',
      'codes',
    ],
    ['an exception', 'begin null; exception when others then delete from codes; end', 'codes'],
    ['a label', '<<a>> begin <<b>> delete from codes; end', 'codes'],
    [
      'a declaration',
      'declare x numeric(10, 2) := 1; y varchar(3); begin select 1 into x; perform pg_notify(new.id::text, x::text); delete from codes; end',
      'codes',
    ],
    ['a truncation', 'begin truncate codes; return null; end', 'codes'],
    ['a schema', 'begin insert into audit.log (id) values (new.id); return new; end', 'log'],
    [
      'nothing',
      "begin if new.id < 0 then raise exception 'no: %', new.id using errcode = 'P0001'; end if; return new; end",
      '',
    ],
    ['a wait for a lock', 'begin perform 1 from users where id = new.id for update; return new; end', ''],
  ])('%s', (_, code, tables) => {
    const { changed } = joined({ triggers: [trigger('orgs', code, { ops: new Set(['create']) })] });
    const written = changed("insert into orgs (title) values ('a')").filter((one) => !one.startsWith('orgs'));

    expect(written.map((one) => one.split(' ')[0])).toEqual(tables === '' ? [] : tables.split(' '));
  });

  it.each([
    ['dynamic SQL', "begin execute format('delete from %I', tg_table_name); end"],
    ['dynamic SQL in a loop', 'begin for r in execute q loop null; end loop; end'],
    ['a call of a procedure', 'begin call tidy(); end'],
    ['a call of a function that may write', 'begin perform tidy(new.id); end'],
    ['the same in an assignment', 'begin new.id := tidy(); return new; end'],
    ['a definition', 'begin create temporary table x as select 1; end'],
    ['a literal without its end', "begin x := 'a; end"],
    ['another language', undefined],
    ['a copy', "begin copy codes from '/tmp/a'; end"],
    ['a refresh', 'begin refresh materialized view totals; return null; end'],
  ])('is unreadable with %s', (_, code) => {
    const { write } = joined({ triggers: [trigger('orgs', code)] });

    expect(write("insert into orgs (title) values ('a')")).toMatchObject({ changes: [{ kind: 'everything' }] });
  });

  it.each([
    [
      'mysql',
      'begin if new.id > 1 then update codes set label = new.id; end if; set new.title = upper(new.title); end',
      'codes',
    ],
    ['mysql', 'insert into codes values (old.id)', 'codes'],
    ['mysql', 'set @a = new.id', ''],
    ['mysql', 'begin set @a := (select max(id) from users), @b = 2; select id into @c from users limit 1; end', ''],
    ['mysql', 'begin if @quiet is null then update codes set label = @a := @a + 1; end if; end', 'codes'],
    ['mysql', 'begin declare n decimal(10, 2); replace into codes values (1); end', 'codes'],
    [
      'sqlite',
      ' of title on orgs when new.id > 1 begin insert or replace into codes values (1); delete from sessions; end',
      'codes sessions',
    ],
    ['sqlite', " on orgs begin select raise(abort, 'no'); end", ''],
  ])('is read for %s: %s', (provider, code, tables) => {
    const { changed } = joined({ triggers: [trigger('orgs', code, { ops: new Set(['create']) })] }, {}, provider);
    const written = changed("insert into orgs (title) values ('a')").filter((one) => !one.startsWith('orgs'));

    expect(written.map((one) => one.split(' ')[0])).toEqual(tables === '' ? [] : tables.split(' '));
  });

  it.each([
    ['several tables at once', 'update codes, users set codes.label = 1'],
    ['settings of one statement', 'set statement max_statement_time = 1 for update codes set label = 1'],
    ['a variable of the server', "set @@sql_mode = ''"],
    ['a variable whose name is in quotes', 'set @`a` = 1'],
    ['a variable whose name has a period', 'set @a.b = 1'],
    ['a stored function after a variable', 'set @a = tidy(new.id)'],
    ['a procedure that gets a variable', 'call tidy(@a)'],
    ['a stored function', 'set new.title = tidy(new.title)'],
  ])('is unreadable on MySQL with %s', (_, code) => {
    const { write } = joined({ triggers: [trigger('orgs', code)] }, {}, 'mysql');

    expect(write("insert into orgs (title) values ('a')")).toMatchObject({ changes: [{ kind: 'everything' }] });
  });

  it.each([
    ['set @a = new.id', true],
    ['set @a = 1, new.name = @a', true],
    ['set new.id = @a', false],
    ['set @a = 1, new.id = @a', false],
    ['set @a := 1, new.id := 2', false],
    ['begin select 1, 2 into @a, new.id; end', false],
  ])('sets these columns of the row on MySQL: %s', (code, keepsKey) => {
    const { changed } = joined({ triggers: [trigger('users', code, { before: true })] }, {}, 'mysql');

    const whole = 'users update {"id":"i:1"} {"id":"i:1"}';
    expect(changed("update users set name = 'a' where id = 1").includes(whole)).toBe(keepsKey);
  });

  it.each([
    ['an assignment', 'begin new.id := 1; return new; end', false],
    ['an assignment in a branch', 'begin if true then new.id = 1; end if; return new; end', false],
    ['a query', 'begin select 1, 2 into strict x, new.id; return new; end', false],
    ['another row', 'declare r users; begin r := new; return r; end', false],
    ['the whole row', 'begin select * into new from users; return new; end', false],
    ['a part of a column', 'begin new.id[1] := 2; return new; end', false],
    ['another name for the row', 'declare r alias for new; begin r.id := 2; return new; end', false],
    ['diagnostics', 'begin get diagnostics new.id = row_count; return new; end', false],
    ['another column', 'begin new.name := new.id; return new; end', true],
    ['nothing', 'begin insert into codes select new.id, new.id; return new; end', true],
    ['a function of the server', '', false],
  ])('sets these columns of the row: %s', (_, code, keepsKey) => {
    const { changed } = joined({ triggers: [trigger('users', code, { before: true })] });

    expect(changed('insert into users (id) values (1)').includes('users create {"id":"i:1"}')).toBe(keepsKey);
  });
});

describe('a rule', () => {
  it('changes the tables that it writes to, and makes returned rows prove nothing', () => {
    const code = 'do  update orgs set title = new.name';
    const rule = trigger('users', code, { kind: 'rule', name: 'the rule r', ops: new Set(['create']) });
    const { changed, lacks } = joined({ triggers: [rule] });

    expect(changed('insert into users (id) values (1) returning id', [{ id: 1 }])).toEqual(
      expect.arrayContaining(['orgs', 'users']),
    );
    expect(lacks).toEqual(['users: the rule r of users, which writes to orgs']);
  });

  it.each(['do instead (insert into codes values (1); delete from sessions)', 'do also insert into codes select 1'])(
    'is read: %s',
    (code) => {
      const { changed } = joined({ triggers: [trigger('orgs', code, { kind: 'rule', ops: new Set(['create']) })] });

      expect(changed("insert into orgs (title) values ('a')").some((one) => one.startsWith('codes'))).toBe(true);
    },
  );
});

describe('a view that a trigger writes to', () => {
  const triggers = [trigger('codes', 'begin insert into old_users values (1); return null; end')];

  it('makes the trigger unreadable if the schema in code lacks the view', () => {
    expect(joined({ triggers, views: ['old_users'] }).write('delete from codes').changes).toEqual([
      { kind: 'everything' },
    ]);
  });

  it('changes what it reads if the schema in code has it', () => {
    const ofView = [trigger('codes', 'begin update active_users set name = 1; return null; end')];
    const { changed } = joined(
      { triggers: ofView, views: ['active_users'] },
      { active_users: { dependsOn: ['users'] } },
    );

    expect(changed('delete from codes')).toEqual(expect.arrayContaining(['users']));
  });
});

describe.each(['a partition', 'a table that inherits'])('%s', () => {
  const inherits = [
    { child: 'posts', parent: 'comments' },
    { child: 'comments', parent: 'everything_said' },
  ];

  it('changes the tables in which its rows are visible', () => {
    const { changed, lacks } = joined({ inherits });

    expect(changed('insert into posts (id) values (1)')).toEqual([
      'comments',
      'everything_said',
      'posts create {"id":"i:1"}',
    ]);
    expect(lacks.filter((one) => one.startsWith('posts'))).toHaveLength(2);
  });

  it('is read together with the tables through which its rows may be written', () => {
    const { reads } = joined({ inherits });

    expect(reads('select * from posts where id = 1')).toEqual(['comments', 'everything_said', 'posts']);
    expect(reads('select * from users')).toEqual(['users']);
  });

  it('has the triggers and foreign keys of the whole table, and the whole table has those of its parts', () => {
    const { changed } = joined({
      inherits: [{ child: 'codes', parent: 'sessions' }],
      triggers: [trigger('codes', 'begin delete from logs; return null; end')],
      foreignKeys: [key('badges', 'session_id', 'sessions', { onDelete: 'Cascade' })],
    });

    for (const table of ['codes', 'sessions']) {
      const tables = changed(`delete from ${table}`).map((one) => one.split(' ')[0]);
      expect(tables, table).toEqual(expect.arrayContaining(['badges', 'logs', 'sessions']));
    }
  });
});

it('a column that the database computes has no certain value after an update', () => {
  const { changed } = joined({ derived: [{ table: 'users', column: 'id' }] });

  expect(changed("update users set name = 'a' where id = 1")).toContain('users update {"id":"i:1"}');
});

it('a table that exists only in the database is not a table of the schema in code', () => {
  const { write, reads } = joined({ foreignKeys: [key('badges', 'user_id', 'users', { onDelete: 'Cascade' })] });

  expect(write('delete from badges').changes).toEqual([{ kind: 'everything' }]);
  expect(reads('select * from badges')).toBe('not-analysable: unknown table badges');
});

it('without a catalogue, the schema in code is used', () => {
  const { findings, changed } = joined({});

  expect(findings).toEqual([]);
  expect(changed("insert into codes values ('a')")).toEqual(['codes create']);
});
