import { Packr } from 'msgpackr';
import { CodecError } from '../errors.js';
import type { ValueType } from './value-type.js';
import { fromWire } from './wire-reader.js';
import { toWire } from './wire-writer.js';

/** Only arrays, strings, numbers, booleans, `null` and bytes reach it, so none of its extensions matter. */
const packr = new Packr({ useRecords: false, mapsAsObjects: false, moreTypes: false, useFloat32: 0 });

/**
 * Encodes a result so that {@link decodeValue} returns an equal one in any process: values, classes, order of properties.
 *
 * Exact are JSON values, `undefined`, -0, `NaN`, infinities, bigints of up to 10,000 digits, dates (invalid ones, too), `Uint8Array`,
 * `Buffer`, and the classes of `valueTypes`. A null prototype becomes the usual one.
 *
 * @throws {@link CodecError} if `value` holds anything else: another class, a function, a symbol, a sparse array, a cycle,
 * a string with a lone surrogate.
 */
export function encodeValue(value: unknown, valueTypes: readonly ValueType[]): Buffer {
  return packr.pack(toWire(value, valueTypes));
}

/**
 * Decodes a value from {@link encodeValue}. The value shares no memory with `bytes`.
 *
 * @throws {@link CodecError} if `bytes` are anything else.
 */
export function decodeValue(bytes: Uint8Array, valueTypes: readonly ValueType[]): unknown {
  return fromWire(unpack(bytes), valueTypes);
}

function unpack(bytes: Uint8Array): unknown {
  try {
    return packr.unpack(bytes);
  } catch (cause) {
    throw new CodecError('Malformed payload: not MessagePack.', { cause });
  }
}
