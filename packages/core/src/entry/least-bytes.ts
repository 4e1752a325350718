/**
 * The least number of bytes that `value` takes when it is encoded: one for each cell, and the contents of strings and bytes.
 *
 * It stops at the first sum beyond `limit`, so that a result which is far too large is not encoded before it is refused.
 */
export function leastBytes(value: unknown, limit: number): number {
  let sum = 0;
  const add = (cell: unknown): void => {
    sum += 1;
    if (sum > limit) return;
    if (typeof cell === 'string') sum += Math.max(0, cell.length - 1);
    else if (cell instanceof Uint8Array) sum += cell.byteLength;
    else if (Array.isArray(cell)) addAll(cell);
    else if (isRow(cell)) addAll(Object.values(cell));
  };
  const addAll = (cells: readonly unknown[]): void => {
    for (const cell of cells) {
      if (sum > limit) return;
      add(cell);
    }
  };
  add(value);
  return sum;
}

/** Instances of classes do not count: only their class knows how long their string is. */
function isRow(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
