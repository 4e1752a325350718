import type { ValueType } from '@cachetastic/core';
import { Prisma } from '../prisma/generated/client/client.js';

const { Decimal } = Prisma;

/** Prisma's decimals, for measurements of core alone. */
export const decimals: ValueType = {
  tag: 'decimal',
  is: (value) => value instanceof Decimal,
  toKey: (value) => String(value),
  toText: (value) => String(value),
  fromText: (text) => new Decimal(text),
  copy: (value) => new Decimal(value as Prisma.Decimal),
};

export { Decimal };
