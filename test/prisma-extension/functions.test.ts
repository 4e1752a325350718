import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestDatabase } from '../support/services/index.js';
import { connect, createBlog } from './support/blog.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createBlog();
  const { base } = connect(database);
  for (const statement of [
    `create function log(m text) returns void language sql as 'update users set name = m'`,
    `create function twice(i integer) returns integer language sql immutable as 'select 2 * i'`,
  ])
    await base.$executeRawUnsafe(statement);
  await base.$disconnect();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  const { base } = connect(database);
  await base.user.deleteMany();
  await base.user.create({ data: { id: 1, email: 'ann@example.com', name: 'before' } });
  await base.$disconnect();
});

function open(options: CachetasticOptions = {}) {
  const widened: string[] = [];
  const db = connect(database).base.$extends(
    cachetastic({ ...options, onEvent: (event) => void (event.type === 'widened' && widened.push(event.reason)) }),
  );
  const name = async () => (await db.user.findUniqueOrThrow({ where: { id: 1 }, cache: 60 })).name;
  return { db, widened, name };
}

it('a function of the application with the name of a built-in one invalidates what it may have written', async () => {
  const { db, name } = open();
  await name();

  await db.$queryRawUnsafe(`select log('after')::text`);

  expect(await name()).toBe('after');
  await db.$disconnect();
});

it.each([`select split_part('a@b', '@', 2)`, 'select twice(2)', `select lower('A')`])(
  'a raw read that calls only functions without effects invalidates nothing: %s',
  async (statement) => {
    const { db, widened, name } = open();
    await name();

    await db.$queryRawUnsafe(statement);

    const { info } = await db.$cache.explain(name);
    expect([info.status, ...widened]).toEqual(['hit']);
    await db.$disconnect();
  },
);

it('a function of the option `functions` is trusted', async () => {
  const { db, widened } = open({ functions: ['log'] });

  await db.$queryRawUnsafe(`select log('after')::text`);

  expect(widened).toEqual([]);
  await db.$disconnect();
});
