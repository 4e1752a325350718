import { isIndex, type ShapeNames, stringWeight } from './shape-names.js';
import { MAX_DEPTH } from './value-kind.js';

// What V8 spends on a 64-bit machine without pointer compression, in bytes.
const POINTER = 8;
/** A double outside an array of doubles. */
const BOXED_NUMBER = 16;
const BIGINT = 24;
/** Its header, and the slack that V8 leaves for more properties. */
const OBJECT = 32;
const ARRAY = 48;
const DATE = 112;
/** The view, the `ArrayBuffer` behind it and what the allocator of the process adds. */
const BYTES = 216;
/** An instance of a class, beyond its own properties: V8 leaves room for more of them. */
const INSTANCE = 80;
/** Properties whose names are numbers, or more than V8 describes by one shape, are in a hash table of each object. */
const HASHED_PROPERTY = 64;
/** What it takes to know how to copy the objects at one position: a column of all rows, the items of a list. */
const PLAN = 120;
const MOST_SHAPED_PROPERTIES = 128;

/** Deeper than this, an object that occurs again counts once: the visits would otherwise double with every level. */
const COUNTED_ONCE_BELOW = 8;

/**
 * Estimates what `value` costs while it is alive, in bytes. It visits every cell, so the order of long and short ones does not matter.
 *
 * @param names - For results, which are copied for callers: also weighs the property names that no earlier result had.
 */
export function weightOf(value: unknown, names?: ShapeNames): number {
  return POINTER + new Weighing(names).weigh(value, 0);
}

class Weighing {
  readonly #names: ShapeNames | undefined;
  /** The names of the object that came last at each depth: the rows of a list usually have the same. */
  readonly #lastNames: (readonly string[])[] = [];
  /** How many lists have had an item before what is weighed now: its position has been met. */
  #repeated = 0;
  #blocks: Set<ArrayBufferLike> | undefined;
  #seen: Set<object> | undefined;

  constructor(names: ShapeNames | undefined) {
    this.#names = names;
  }

  weigh(value: unknown, depth: number): number {
    switch (typeof value) {
      case 'string':
        return stringWeight(value);
      case 'number':
        return isSmallInteger(value) ? 0 : BOXED_NUMBER;
      case 'bigint':
        return bigintWeight(value);
      case 'object':
        return value === null ? 0 : this.#object(value, depth + 1);
      default:
        return 0;
    }
  }

  #object(value: object, depth: number): number {
    if (depth > COUNTED_ONCE_BELOW) {
      this.#seen ??= new Set();
      if (depth > MAX_DEPTH || this.#seen.has(value)) return 0;
      this.#seen.add(value);
    }
    const planned = this.#names !== undefined && this.#repeated === 0;
    return (planned ? PLAN : 0) + this.#itself(value, depth);
  }

  #itself(value: object, depth: number): number {
    if (Array.isArray(value)) return this.#array(value, depth);
    if (value instanceof Date) return DATE;
    if (value instanceof Uint8Array) return this.#bytes(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return OBJECT + this.#properties(value, depth);
    return INSTANCE + this.#array(Object.values(value), depth);
  }

  #array(items: readonly unknown[], depth: number): number {
    if (items.length === 0) return ARRAY;
    let weight = ARRAY + POINTER * items.length + this.weigh(items[0], depth);
    this.#repeated += 1;
    for (let index = 1; index < items.length; index += 1) weight += this.weigh(items[index], depth);
    this.#repeated -= 1;
    return weight;
  }

  #properties(row: object, depth: number): number {
    const last = this.#lastNames[depth];
    let weight = 0;
    let count = 0;
    let hashed = 0;
    let same = true;
    for (const name in row) {
      weight += this.weigh((row as Readonly<Record<string, unknown>>)[name], depth);
      same &&= last !== undefined && last[count] === name;
      if (isIndex(name)) hashed += 1;
      count += 1;
    }
    if (this.#names !== undefined && !(same && last?.length === count)) {
      const names = Object.keys(row);
      this.#lastNames[depth] = names;
      weight += this.#names.weigh(names);
    }
    if (count > MOST_SHAPED_PROPERTIES) hashed = count;
    return weight + POINTER * (count - hashed) + HASHED_PROPERTY * hashed;
  }

  /** Bytes keep all the memory alive that they are a part of. Parts of one block count it once. */
  #bytes({ buffer }: Uint8Array): number {
    this.#blocks ??= new Set();
    if (this.#blocks.has(buffer)) return BYTES;
    this.#blocks.add(buffer);
    return BYTES + buffer.byteLength;
  }
}

/** Whether V8 keeps it where other values have a pointer. */
function isSmallInteger(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

function bigintWeight(value: bigint): number {
  if (BigInt.asIntN(64, value) === value) return BIGINT;
  return BIGINT + value.toString(16).length / 2;
}
