/** Changes everything in an answer that can be changed, as a careless caller might. */
export function scramble(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Date) {
    value.setTime(0);
  } else if (value instanceof Uint8Array) {
    value.fill(0x55);
  } else if (Array.isArray(value)) {
    value.forEach(scramble);
    value.reverse().push('scrambled');
  } else {
    // Decimals as well: their digits are a property.
    for (const inner of Object.values(value)) scramble(inner);
    for (const key of Object.keys(value)) Reflect.set(value, key, 'scrambled');
    Reflect.set(value, 'added', 'scrambled');
  }
}
