import type { KeyType } from '../key/key-type.js';

/** A class of values in results that core does not know: how to encode and to copy its instances exactly. */
export interface ValueType extends KeyType {
  /** A string from which `fromText` makes an equal value of the same class. */
  toText(value: object): string;
  /** @throws if `text` was not made by `toText`. */
  fromText(text: string): object;
  /** A copy that shares nothing mutable with `value`. */
  copy(value: object): object;
}
