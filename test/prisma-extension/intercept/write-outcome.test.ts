import { expect, it } from 'vitest';
import { changedNothing } from '../../../packages/prisma-extension/src/intercept/write-outcome.js';

const prismaError = (name: string, code?: string) => Object.assign(new Error(), { name, code });

it.each([
  ['a refused statement', 'create', prismaError('PrismaClientKnownRequestError', 'P2002'), true],
  ['a missing row', 'update', prismaError('PrismaClientKnownRequestError', 'P2025'), true],
  ['arguments that Prisma refused', 'createMany', prismaError('PrismaClientValidationError'), true],
  ['a refusal after some of many rows', 'createMany', prismaError('PrismaClientKnownRequestError', 'P2002'), false],
  ['an expired transaction', 'create', prismaError('PrismaClientKnownRequestError', 'P2028'), false],
  ['a lost connection', 'create', prismaError('PrismaClientKnownRequestError', 'P1017'), false],
  ['an unknown error', 'create', prismaError('PrismaClientUnknownRequestError'), false],
  ['an error of another library', 'create', new Error('P2002'), false],
  ['no error at all', 'create', undefined, false],
])('whether it is certain that nothing changed after %s', (_, operation, error, certain) => {
  expect(changedNothing(operation, error, false)).toBe(certain);
});

it('inside a transaction only arguments that Prisma refused certainly changed nothing', () => {
  const missing = prismaError('PrismaClientKnownRequestError', 'P2025');
  expect(changedNothing('update', missing, true)).toBe(false);
  expect(changedNothing('update', prismaError('PrismaClientValidationError'), true)).toBe(true);
});
