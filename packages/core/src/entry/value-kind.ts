import { types } from 'node:util';
import { CodecError } from '../errors.js';
import { describeClass, isPlain } from '../plain.js';
import type { ValueType } from './value-type.js';

/** How deep an answer may nest. A cycle ends here as well. */
export const MAX_DEPTH = 200;

/** What an object in an answer is: one of the built-in kinds, or the class that claims it. */
export type ValueKind = 'array' | 'row' | 'date' | 'bytes' | 'buffer' | ValueType;

/**
 * Tells what `value` is. Exact: a subclass of a built-in class is not that class.
 *
 * @throws {@link CodecError} if it is none of the kinds, or carries symbol keys: no copy of it would be equal.
 */
export function kindOf(value: object, valueTypes: readonly ValueType[]): ValueKind {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype && Array.isArray(value)) return 'array';
  if (prototype === Date.prototype && types.isDate(value)) return 'date';
  if (prototype === Uint8Array.prototype && types.isUint8Array(value)) return 'bytes';
  if (prototype === Buffer.prototype && types.isUint8Array(value)) return 'buffer';
  if (isPlain(value)) {
    if (Object.getOwnPropertySymbols(value).length === 0) return 'row';
    throw new CodecError('A value cannot be cached: an object with symbol keys.');
  }
  const type = valueTypes.find((candidate) => candidate.is(value));
  if (type === undefined) throw new CodecError(`A value cannot be cached: ${describeClass(value)}.`);
  return type;
}
