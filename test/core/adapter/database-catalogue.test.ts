import { CacheEvents } from '@cachetastic/core';
import { DatabaseCatalogue } from '@cachetastic/core/adapter';
import { KnownFunctions, readSqlText, type WriteAnalysis } from '@cachetastic/core/sql';
import { expect, it } from 'vitest';
import { held } from '../../support/held.js';

const users: WriteAnalysis = { changes: [{ kind: 'model', model: 'users', op: 'update' }] };

async function open() {
  const functions = new KnownFunctions('postgresql');
  let asked = 0;
  const catalogue = new DatabaseCatalogue({
    provider: 'postgresql',
    functions,
    events: new CacheEvents(),
    schemas: () => [],
    ask: async () => {
      asked += 1;
      return [{ kind: 'path', facts: '["public"]' }];
    },
  });
  await catalogue.ask();
  return { catalogue, asked: () => asked };
}

it.each([
  'create trigger t after insert on users execute function f()',
  'alter table posts add foreign key (user_id) references users on delete cascade',
  'do $$ begin create function f() returns int language sql as $f$ select 1 $f$; end $$',
  "do $$ begin execute 'DROP TRIGGER t ON users'; end $$",
])('while `%s` runs, a write invalidates everything, and the catalogue is read again after it', async (sql) => {
  const { catalogue, asked } = await open();
  const ended = held<void>();
  expect(catalogue.judge(() => users)).toEqual(users);

  await catalogue.around(readSqlText(sql, 'postgresql'), ended.promise, async () => {});

  expect(catalogue.judge(() => users)).toMatchObject({ changes: [{ kind: 'everything' }] });
  expect(catalogue.judge(() => ({ changes: [] })).changes).toEqual([]);
  expect(asked()).toBe(1);
  ended.release();
  await expect.poll(() => catalogue.judge(() => users)).toEqual(users);
  expect(asked()).toBe(2);
});

it('a block of statements that defines nothing leaves the catalogue alone', async () => {
  const { catalogue, asked } = await open();

  await catalogue.around(
    readSqlText('do $$ begin update users set name = 1; end $$', 'postgresql'),
    undefined,
    async () => {},
  );

  expect(catalogue.judge(() => users)).toEqual(users);
  expect(asked()).toBe(1);
});
