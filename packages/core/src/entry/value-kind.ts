import { types } from 'node:util';
import { CodecError } from '../errors.js';
import { describeClass, isPlain } from '../plain.js';
import type { ValueType } from './value-type.js';

/** How deep a result may nest. A cycle ends here as well. */
export const MAX_DEPTH = 200;

/** The kind of an object in a result: one of the built-in kinds, or the class that claims it. */
export type ValueKind = 'array' | 'row' | 'date' | 'bytes' | 'buffer' | ValueType;

/**
 * Determines the kind of `value`. A subclass of a built-in class is not that class.
 *
 * @throws {@link CodecError} if it is none of the kinds, or has symbol keys, which no copy would have.
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
