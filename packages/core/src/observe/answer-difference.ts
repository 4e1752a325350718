import { encodeValue } from '../entry/codec.js';
import type { ValueType } from '../entry/value-type.js';
import { isPlain } from '../plain.js';

/** How two results of one query differ. `order`: only in the order of lists. */
export type AnswerDifference = 'none' | 'order' | 'content';

/**
 * Compares exactly: types, classes and the order of everything count.
 *
 * @throws CodecError if one cannot be encoded exactly, and what a value type throws.
 */
export function differenceOf(one: unknown, other: unknown, valueTypes: readonly ValueType[]): AnswerDifference {
  const encode = (value: unknown): Buffer => encodeValue(value, valueTypes);
  if (encode(one).equals(encode(other))) return 'none';
  return encode(sorted(one, encode)).equals(encode(sorted(other, encode))) ? 'order' : 'content';
}

/** `value` with every list sorted by the encodings of its items. */
function sorted(value: unknown, encode: (value: unknown) => Buffer): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, encode)).map((item) => ({ item, bytes: encode(item) }));
    return items.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ item }) => item);
  }
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sorted(inner, encode)]));
}
