/** `values` of raw SQL as a part of a key: objects are JSON to the database, which may tell the order of their keys. */
export function keyOfValues(values: readonly unknown[]): unknown {
  return values.map(inOrder);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return { json: Object.entries(value).map(([key, inner]) => [key, inOrder(inner)]) };
}
