/** How many items of an array are weighed; the rest is taken to weigh the same. */
const SAMPLES = 8;
const MAX_DEPTH = 50;

// What V8 spends on a 64-bit machine with compressed pointers off, rounded up: fields, headers, and the boxes of numbers.
const POINTER = 8;
const OBJECT = 32;
const TEXT = 24;
const DATE = 96;
const BYTES = 200;
/** Decimals and the like: an object, and an array of digits. */
const CLASS = 240;

/**
 * Estimates what `value` costs while it is alive, in bytes.
 *
 * Long arrays are sampled evenly, so the cost of asking does not grow with the answer. What several rows share counts every time.
 */
export function weightOf(value: unknown): number {
  return POINTER + weigh(value, 0);
}

function weigh(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
      // V8 spends two bytes on every character if one of them needs it; the middle one speaks for all.
      return TEXT + value.length * (value.charCodeAt(value.length >> 1) > 0xff ? 2 : 1);
    case 'number':
      return Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 16;
    case 'bigint':
      return 24;
    case 'object':
      return value === null || depth > MAX_DEPTH ? 0 : weighObject(value, depth + 1);
    default:
      return 0;
  }
}

function weighObject(value: object, depth: number): number {
  if (Array.isArray(value)) return weighArray(value, depth);
  if (value instanceof Date) return DATE;
  if (value instanceof Uint8Array) return BYTES + value.byteLength;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return CLASS;
  const cells = Object.values(value);
  let weight = OBJECT + POINTER * cells.length;
  for (const cell of cells) weight += weigh(cell, depth);
  return weight;
}

function weighArray(items: readonly unknown[], depth: number): number {
  const { length } = items;
  const samples = Math.min(length, SAMPLES);
  let weight = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    weight += weigh(items[Math.floor((sample * length) / samples)], depth);
  }
  const scale = samples === 0 ? 1 : length / samples;
  return OBJECT + POINTER * length + Math.ceil(weight * scale);
}
