import {
  analyseRead,
  analyseWrite,
  Declarations,
  type Model,
  type ModelWords,
  parseSql,
  type ReadAnalysis,
  type Reference,
  type ReturnedRow,
  type ScalarField,
  type Schema,
  type WriteAnalysis,
} from '../../../packages/core/src/sql/index.js';

type Columns = Readonly<Record<string, ScalarField['comparable'] | 'other' | 'derived'>>;

function table(name: string, columns: Columns, uniques: readonly (readonly string[])[], isView = false): Model {
  const fields = Object.entries(columns).map(([column, kind]): [string, ScalarField] => [
    column,
    {
      kind: 'scalar',
      name: column,
      column,
      comparable: kind === 'other' || kind === 'derived' ? undefined : kind,
      derived: kind === 'derived',
    },
  ]);
  return { name, table: name, isView, fields: new Map(fields), id: uniques[0], uniques };
}

function reference(child: string, field: string, parent: string, on: Partial<Reference>): Reference {
  const foreignKey = { fields: [field], references: ['id'] };
  return { child, parent, foreignKey, onDelete: 'NoAction', onUpdate: 'NoAction', ...on };
}

const MODELS: readonly Model[] = [
  table('orgs', { id: 'integer', title: 'text' }, [['id']]),
  table(
    'users',
    {
      id: 'integer',
      slug: 'text',
      name: 'text',
      score: 'integer',
      org_id: 'integer',
      boss_id: 'integer',
      procedure: 'integer',
    },
    [['id'], ['slug']],
  ),
  table('posts', { id: 'integer', author_id: 'integer', title: 'text' }, [['id']]),
  table('comments', { id: 'integer', post_id: 'integer', answers: 'integer', body: 'text' }, [['id']]),
  table('codes', { code: 'text', label: 'text', user: 'text' }, [['code']]),
  table('sessions', { user: 'text', id: 'integer' }, [['user']]),
  table('active_users', { id: 'integer', name: 'text' }, [], true),
  table('active_names', { name: 'text' }, [], true),
];

const REFERENCES: readonly Reference[] = [
  reference('users', 'org_id', 'orgs', { onDelete: 'SetNull', onUpdate: 'Cascade' }),
  reference('posts', 'author_id', 'users', { onDelete: 'Cascade', onUpdate: 'Cascade' }),
  reference('comments', 'answers', 'comments', { onDelete: 'SetNull' }),
  reference('comments', 'post_id', 'posts', { onDelete: 'Cascade' }),
];

/** People, what they write, and views of them. Comments are of posts, which are of users, which are of organisations. */
export function smallSchema(provider = 'postgresql'): Schema {
  return {
    models: new Map(MODELS.map((model) => [model.name, model])),
    references: REFERENCES,
    joinTables: new Map(),
    provider,
    degraded: undefined,
    fingerprint: '',
  };
}

/** The same in tables, with a row or two each: for PostgreSQL. */
export const SMALL_SCHEMA_SQL = `
  create table orgs (id int primary key, title text);
  create collation blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
  create table users (
    id int primary key, slug text collate blind unique, name text, score int, procedure int,
    org_id int references orgs on delete set null on update cascade, boss_id int
  );
  create table posts (
    id int primary key, author_id int references users on delete cascade on update cascade, title text
  );
  create table comments (
    id int primary key, post_id int references posts on delete cascade,
    answers int references comments on delete set null, body text
  );
  create table codes (code text primary key, label text, "user" text);
  create table sessions ("user" text primary key, id int);
  create view active_users as select id, name from users where score > 0;
  create view active_names as select name from active_users;
`;

/** What the errors of these tests call models. */
export const WORDS: ModelWords = { option: 'models', one: 'a model', names: 'model names' };

const DECLARED = { active_users: { dependsOn: ['users'] }, active_names: { dependsOn: ['active_users'] } };

export function declarationsFor(schema: Schema): Declarations {
  return new Declarations(schema, DECLARED, WORDS);
}

/** What `sql` is found to read. */
export function reading(sql: string, parameters: readonly unknown[] = [], provider = 'postgresql'): ReadAnalysis {
  const schema = smallSchema(provider);
  return analyseRead({ schema, declarations: declarationsFor(schema) }, parseSql(sql, provider), parameters);
}

/** What `sql` is found to change. */
export function writing(
  sql: string,
  parameters: readonly unknown[] = [],
  provider = 'postgresql',
  rows?: readonly ReturnedRow[],
): WriteAnalysis {
  const schema = smallSchema(provider);
  return analyseWrite(schema, declarationsFor(schema), parseSql(sql, provider), parameters, rows);
}
