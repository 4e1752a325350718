/** `values` of raw SQL as a part of a key: objects are JSON to the database, whose result may depend on the order of their keys. */
export function keyOfValues(values: readonly unknown[]): unknown {
  return values.map(inOrder);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  // Some drivers send values as strings: a `Buffer` as the characters of its bytes, another array of bytes as their numbers.
  if (Buffer.isBuffer(value)) return { buffer: value };
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return { json: Object.entries(value).map(([key, inner]) => [key, inOrder(inner)]) };
}
