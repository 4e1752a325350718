import { KnownFunctions } from '@cachetastic/core/sql';
import { type SQL, sql } from 'drizzle-orm';
import { integer, PgDialect, pgSchema, pgTable, pgView, text } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import { KnownTables } from '../../../packages/drizzle/src/schema/known-tables.js';

const users = pgTable('users', { id: integer().primaryKey(), name: text() });
const posts = pgTable('posts', { id: integer().primaryKey(), author: integer() });

/** The tables that a view with `definition` is found to read. */
function reads(definition: SQL): readonly string[] | undefined {
  const view = pgView('seen', { id: integer() }).as(definition);
  const tables = new KnownTables({
    provider: 'postgresql',
    dialect: new PgDialect() as never,
    definitions: [users, posts, view],
    tables: {},
    views: {},
    functions: new KnownFunctions('postgresql', ['Shout']),
  });
  const { schema, declarations } = tables.current;
  const model = schema.models.get('seen');
  return model && declarations.reads(model)?.models.map(({ name }) => name);
}

it.each<[definition: SQL, tables: readonly string[]]>([
  [sql`select id from ${users} where exists (select from ${posts} where author = ${users.id})`, ['users', 'posts']],
  [sql`with users as (select author as id from ${posts}) select id from users`, ['posts', 'users']],
  [sql`select shout(name) from users`, ['users']],
])('a view reads the tables that its definition names: %#', (definition, tables) => {
  expect(new Set(reads(definition))).toEqual(new Set(tables));
});

it.each<[definition: SQL]>([
  // They may read other tables.
  [sql`select post_count(id) from users`],
  [sql`select u.post_count from users u`],
  [sql`select id from (with audit as (select 1) select 1) x, audit`],
  // Each caller has rows of its own.
  [sql`select id from users where name = current_setting('app.user')`],
  [sql`select id from users where name = current_user`],
  [sql`select id from users where born > 'today 12:00'`],
])('a view whose definition may read other tables or rows is unknown: %#', (definition) => {
  expect(reads(definition)).toBeUndefined();
});

it('a declared name stands for the tables of that name in every schema', () => {
  const [here, there] = [pgSchema('here'), pgSchema('there')];
  const log = pgTable('log', { id: integer() });
  const tables = new KnownTables({
    provider: 'postgresql',
    dialect: new PgDialect() as never,
    definitions: [here.table('users', { id: integer() }), there.table('users', { id: integer() }), log],
    tables: { log: { triggers: ['users'] } },
    views: { log: ['users'] },
    functions: new KnownFunctions('postgresql'),
  });
  const { schema, declarations } = tables.current;
  const model = schema.models.get('log') ?? expect.unreachable();

  for (const declared of [declarations.triggered(model), declarations.reads(model)]) {
    expect(declared?.models.map(({ name }) => name)).toEqual(['here.users', 'there.users']);
  }
});

it('the definition of a view that is not cached is not read: it may be one that cannot be written as SQL', () => {
  const view = pgView('seen', { id: integer() }).as(sql`select id from users`);
  const dialect = Object.assign(new PgDialect(), { sqlToQuery: () => expect.unreachable() });
  const tables = new KnownTables({
    provider: 'postgresql',
    dialect: dialect as never,
    definitions: [users, view],
    tables: { seen: false },
    views: {},
    functions: new KnownFunctions('postgresql'),
  });
  const { schema, declarations } = tables.current;

  expect(declarations.isExcluded(schema.models.get('seen') ?? expect.unreachable())).toBe(true);
});
