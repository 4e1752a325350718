/** A class of values that a key may hold, and how it tells two of them apart. */
export interface KeyType {
  /** Distinguishes the class from every other. Stable: it is part of keys that other processes compute. */
  readonly tag: string;
  /** Whether `value` belongs to it. Only asked of objects that are not plain, arrays, dates or bytes. */
  is(value: object): boolean;
  /** Text that is equal exactly for values that mean the same in a query. */
  toKey(value: object): string;
}
