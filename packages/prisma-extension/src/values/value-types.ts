import type { KeyType, ValueType } from '@cachetastic/core';
import { isSkip } from '../analysis/arguments.js';
import { privateOf } from '../client/prisma-client.js';

/** A number of any precision, as `decimal.js` makes it. */
interface DecimalLike {
  /** The number as a string; unlike `toString`, with the sign of zero. */
  valueOf(): string;
}

export type DecimalClass = new (value: string | DecimalLike) => DecimalLike;

/** Decimals of the class that the client's results have: Prisma checks them by class. */
export function decimalType(Decimal: DecimalClass): ValueType {
  const asDecimal = (value: object): DecimalLike => value as DecimalLike;
  return {
    tag: 'decimal',
    is: (value) => value instanceof Decimal,
    toKey: (value) => asDecimal(value).valueOf(),
    toText: (value) => asDecimal(value).valueOf(),
    fromText: (text) => new Decimal(text),
    copy: (value) => new Decimal(asDecimal(value)),
  };
}

/** The class of `decimal`, if it is one. */
export function decimalClassOf(decimal: unknown): DecimalClass | undefined {
  if (typeof decimal !== 'object' || decimal === null || typeof privateOf(decimal, 'toFixed') !== 'function')
    return undefined;
  return typeof decimal.constructor === 'function' ? (decimal.constructor as DecimalClass) : undefined;
}

/** `Prisma.DbNull`, `JsonNull` and `AnyNull`: three objects without properties that mean different things. */
const NULLS: KeyType = {
  tag: 'prisma.null',
  is: (value) => privateMethod(value, '_getNamespace') === 'NullTypes',
  toKey: (value) => String(privateMethod(value, '_getName')),
};

/** `db.user.fields.id` in a condition: another column. */
const FIELD_REFERENCES: KeyType = {
  tag: 'prisma.field',
  is: (value) => ['modelName', 'name', 'typeName', 'isList'].every((property) => Object.hasOwn(value, property)),
  toKey: (value) => JSON.stringify([privateOf(value, 'modelName'), privateOf(value, 'name')]),
};

/** `Prisma.skip`: not the same as an absent property everywhere. `select: Prisma.skip` selects nothing. */
const SKIP: KeyType = { tag: 'prisma.skip', is: isSkip, toKey: () => '' };

/** Values that only arguments of queries hold. */
export const KEY_TYPES: readonly KeyType[] = [NULLS, FIELD_REFERENCES, SKIP];

function privateMethod(value: object, name: string): unknown {
  const method = privateOf(value, name);
  return typeof method === 'function' ? method.call(value) : undefined;
}
