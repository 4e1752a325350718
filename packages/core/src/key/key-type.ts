/** A class of values that keys may contain, and how two of its values are distinguished. */
export interface KeyType {
  /** Distinguishes the class from every other. Stable: it is part of keys that other processes compute. */
  readonly tag: string;
  /** Whether `value` belongs to it. Only called for objects other than plain objects, arrays, dates and bytes. */
  is(value: object): boolean;
  /** A string that is equal exactly for values that mean the same in a query. */
  toKey(value: object): string;
}
