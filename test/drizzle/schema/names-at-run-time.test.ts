import { analyseWrite, KnownFunctions, parseSql } from '@cachetastic/core/sql';
import { integer, PgDialect, pgTable } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import { KnownTables } from '../../../packages/drizzle/src/schema/known-tables.js';

const [SCHEMA, NAME, ORIGINAL_NAME] = ['Schema', 'Name', 'OriginalName'].map((name) =>
  Symbol.for(`drizzle:${name}`),
) as [symbol, symbol, symbol];

function knownTables() {
  const users = pgTable('users', { id: integer('id').primaryKey() });
  const posts = pgTable('posts', {
    id: integer('id').primaryKey(),
    author: integer('author').references(() => users.id, { onDelete: 'cascade' }),
  });
  const known = new KnownTables({
    provider: 'postgresql',
    dialect: new PgDialect() as never,
    definitions: [users, posts],
    tables: {},
    views: {},
    functions: new KnownFunctions('postgresql'),
  });
  const changedBy = (sql: string): ReadonlySet<string> => {
    const { schema, declarations } = known.current;
    const { changes } = analyseWrite(schema, declarations, parseSql(sql, 'postgresql'), [], undefined);
    return new Set(changes.map((change) => (change.kind === 'everything' ? '*' : Reflect.get(change, 'model'))));
  };
  return { users, posts, known, changedBy };
}

it('a table whose schema is assigned stays one table, and keeps its foreign keys', () => {
  const { users, known } = knownTables();
  for (const schema of ['t1', 't2', 't3']) {
    Reflect.set(users, SCHEMA, schema);
    known.learn(users);
    // It is what another table makes known: all are read again.
    known.learn(pgTable(`other_${schema}`, { id: integer('id') }));
  }
  expect([...known.current.schema.models.keys()]).toEqual(['users', 'posts', 'other_t1', 'other_t2', 'other_t3']);
  expect(known.current.schema.references?.map(({ child, parent }) => [child, parent])).toEqual([['posts', 'users']]);
});

it('a table whose name is assigned keeps its foreign keys under the new name and the old one', () => {
  const { users, known, changedBy } = knownTables();
  for (const symbol of [NAME, ORIGINAL_NAME]) Reflect.set(users, symbol, 'people');
  known.learn(users);

  expect(known.incomplete).toBeUndefined();
  for (const name of ['people', 'users']) {
    expect(changedBy(`delete from "${name}" where "id" = 1`), name).toEqual(new Set([name, 'posts']));
  }
});
