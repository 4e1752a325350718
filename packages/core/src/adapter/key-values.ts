/** `values` of raw SQL as a part of a key: objects are JSON to the database, which may tell the order of their keys. */
export function keyOfValues(values: readonly unknown[]): unknown {
  return values.map(inOrder);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  // As text a `Buffer` is what its bytes spell, and an array of bytes their numbers: some drivers send it.
  if (Buffer.isBuffer(value)) return { buffer: value };
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return { json: Object.entries(value).map(([key, inner]) => [key, inOrder(inner)]) };
}
