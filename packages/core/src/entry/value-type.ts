import type { KeyType } from '../key/key-type.js';

/** A class of values that an answer may hold, beyond what core knows: how to carry and to copy one exactly. */
export interface ValueType extends KeyType {
  /** Text from which `fromText` makes an equal value of the same class. */
  toText(value: object): string;
  /** @throws if `text` was not made by `toText`. */
  fromText(text: string): object;
  /** A value of its own for another caller. */
  copy(value: object): object;
}
