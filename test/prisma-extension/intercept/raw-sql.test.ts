import { makeTypedQueryFactory, Sql } from '@prisma/client/runtime/client';
import { expect, it } from 'vitest';
import { rawSqlOf } from '../../../packages/prisma-extension/src/intercept/raw-sql.js';

it.each([
  ['a template', new Sql(['SELECT ', ''], [1]), { text: 'SELECT $1', values: [1] }],
  ['TypedSQL', makeTypedQueryFactory('SELECT $1')(1), { text: 'SELECT $1', values: [1] }],
  ['a text with values', ['SELECT $1', 1], { text: 'SELECT $1', values: [1] }],
  ['something else', { query: 'SELECT' }, undefined],
  ['nothing', [], undefined],
])('%s', (_, args, sql) => {
  expect(rawSqlOf(args)).toEqual(sql);
});
