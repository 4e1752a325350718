import { CacheEvents } from '@cachetastic/core';
import { DatabaseCatalogue } from '@cachetastic/core/adapter';
import { KnownFunctions, parseSql, type WriteAnalysis } from '@cachetastic/core/sql';
import { ManualClock } from '@cachetastic/core/testing';
import { describe, expect, it } from 'vitest';
import { held } from '../../support/held.js';

const EVERYTHING = [{ kind: 'everything' }];
const users: WriteAnalysis = { changes: [{ kind: 'model', model: 'users', op: 'update' }] };

async function open() {
  const functions = new KnownFunctions('postgresql');
  const clock = new ManualClock();
  const events = new CacheEvents();
  const database = { answer: async () => {} };
  let asked = 0;
  const catalogue = new DatabaseCatalogue({
    provider: 'postgresql',
    functions,
    events,
    clock,
    schemas: () => [],
    ask: async () => {
      asked += 1;
      await database.answer();
      return [{ kind: 'path', facts: '["public"]' }];
    },
  });
  await catalogue.ask();
  return { catalogue, clock, database, asked: () => asked };
}

it.each([
  'create trigger t after insert on users execute function f()',
  'alter table posts add foreign key (user_id) references users on delete cascade',
  'do $$ begin create function f() returns int language sql as $f$ select 1 $f$; end $$',
  "do $$ begin execute 'DROP TRIGGER t ON users'; end $$",
])('while `%s` runs, a write invalidates everything, and the catalogue is read again afterwards', async (sql) => {
  const { catalogue, asked } = await open();
  const ended = held<void>();
  expect(catalogue.judge(() => users)).toEqual(users);

  await catalogue.around(parseSql(sql, 'postgresql'), ended.promise, async () => {});

  expect(catalogue.judge(() => users)).toMatchObject({ changes: [{ kind: 'everything' }] });
  expect(catalogue.judge(() => ({ changes: [] })).changes).toEqual([]);
  expect(asked()).toBe(1);
  ended.release();
  await expect.poll(() => catalogue.judge(() => users)).toEqual(users);
  expect(asked()).toBe(2);
});

it('a block of statements that defines nothing does not affect the catalogue', async () => {
  const { catalogue, asked } = await open();

  await catalogue.around(
    parseSql('do $$ begin update users set name = 1; end $$', 'postgresql'),
    undefined,
    async () => {},
  );

  expect(catalogue.judge(() => users)).toEqual(users);
  expect(asked()).toBe(1);
});

describe('a catalogue that was read some time ago', () => {
  const plain = parseSql('select 1', 'postgresql');

  it('is read again in the background before it is a minute old', async () => {
    const { catalogue, clock, asked } = await open();
    clock.advance('44s');
    catalogue.heed(plain);
    expect(asked()).toBe(1);

    clock.advance('1s');
    catalogue.heed(plain);
    await catalogue.ask();

    expect(asked()).toBe(2);
    clock.advance('59s');
    expect(catalogue.judge(() => users)).toEqual(users);
  });

  it('is not used for a write after a minute, until it has been read again', async () => {
    const { catalogue, clock, asked } = await open();
    await catalogue.renew();
    expect(asked()).toBe(1);

    clock.advance('60s');
    expect(catalogue.judge(() => users)).toMatchObject({ changes: EVERYTHING });
    expect(catalogue.judge(() => ({ changes: [] })).changes).toEqual([]);
    await Promise.all([catalogue.renew(), catalogue.renew()]);

    expect(catalogue.judge(() => users)).toEqual(users);
    expect(asked()).toBe(2);
  });

  it('has the age of its request, however late the response is', async () => {
    const { catalogue, clock, database } = await open();
    const answer = held<void>();
    database.answer = () => answer.promise;
    clock.advance('45s');
    catalogue.heed(plain);
    clock.advance('30s');
    answer.release();
    await catalogue.renew();
    expect(catalogue.judge(() => users)).toEqual(users);

    clock.advance('30s');
    expect(catalogue.judge(() => users)).toMatchObject({ changes: EVERYTHING });
  });

  it('delays a write for at most a second while it is read again', async () => {
    const { catalogue, clock, database } = await open();
    const answer = held<void>();
    database.answer = () => answer.promise;
    clock.advance('60s');

    const renewed = catalogue.renew();
    clock.advance('1s');
    await renewed;

    expect(catalogue.judge(() => users)).toMatchObject({ changes: EVERYTHING });
    answer.release();
    await catalogue.ask();
    expect(catalogue.judge(() => users)).toEqual(users);
  });

  it('is not used for a write if it can no longer be read, and is requested every 5 seconds', async () => {
    const { catalogue, clock, database, asked } = await open();
    database.answer = () => Promise.reject(new Error('permission denied'));
    clock.advance('60s');
    await catalogue.renew();
    await catalogue.renew();
    expect(catalogue.judge(() => users)).toMatchObject({ changes: EVERYTHING });
    expect(asked()).toBe(2);

    database.answer = async () => {};
    clock.advance('5s');
    await catalogue.renew();

    expect(asked()).toBe(3);
    expect(catalogue.judge(() => users)).toEqual(users);
  });
});
