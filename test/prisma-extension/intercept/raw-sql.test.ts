import { makeTypedQueryFactory, Sql } from '@prisma/client/runtime/client';
import { expect, it } from 'vitest';
import { rawSqlOf } from '../../../packages/prisma-extension/src/intercept/raw-sql.js';

it.each([
  ['a template', new Sql(['SELECT ', ''], [1]), { text: 'SELECT $1', values: [1] }],
  ['TypedSQL', makeTypedQueryFactory('SELECT $1')(1), { text: 'SELECT $1', values: [1] }],
  ['a string with values', ['SELECT $1', 1], { text: 'SELECT $1', values: [1] }],
  ['something else', { query: 'SELECT' }, undefined],
  ['nothing', [], undefined],
])('the SQL and the values are read from the arguments of a raw query: %s', (_, args, sql) => {
  expect(rawSqlOf(args, 'postgresql')).toEqual(sql);
});

it.each([
  ['postgresql', 'SELECT $1'],
  ['cockroachdb', 'SELECT $1'],
  ['mysql', 'SELECT ?'],
  ['sqlite', 'SELECT ?'],
])('the SQL of a template is read in the form that %s gets', (provider, text) => {
  expect(rawSqlOf(new Sql(['SELECT ', ''], [1]), provider)).toEqual({ text, values: [1] });
});
