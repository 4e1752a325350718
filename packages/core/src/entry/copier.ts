import { CodecError } from '../errors.js';
import { describeClass } from '../plain.js';
import { kindOf, MAX_DEPTH, type ValueKind } from './value-kind.js';
import type { ValueType } from './value-type.js';

/** Makes a private deep copy of the value that it was planned for. */
export type Copier<Value> = () => Value;

/** Copies an object that stands at the position it was planned for. */
type CopyObject = (value: object) => object;

type Row = Record<string, unknown>;

/**
 * Plans how to copy `value`, once, so that every copy is cheap: rows are spread, and only the columns that hold
 * something mutable are visited.
 *
 * A copy has the order of properties, the classes and the exact values of the original, and shares nothing that can be
 * changed. The plan belongs to `value`, which must not be changed any more.
 *
 * @throws {@link CodecError} if `value` holds what cannot be copied exactly.
 */
export function copierFor<Value>(value: Value, valueTypes: readonly ValueType[]): Copier<Value> {
  const copy = planFor([value], valueTypes, 0);
  if (copy === undefined || !isObject(value)) return () => value;
  return valueCopier(value, copy);
}

/** Plans for all the values that stand at one position: one column of all rows, the items of all arrays. */
function planFor(values: readonly unknown[], valueTypes: readonly ValueType[], depth: number): CopyObject | undefined {
  const objects: object[] = [];
  let kind: ValueKind | undefined;
  let mixed = false;
  for (const value of values) {
    if (!isObject(value)) {
      refuseUncopyable(value);
      continue;
    }
    const found = kindOf(value, valueTypes);
    mixed ||= kind !== undefined && kind !== found;
    kind = found;
    objects.push(value);
  }
  if (kind === undefined) return undefined;
  if (depth > MAX_DEPTH) throw new CodecError(`A value cannot be cached: a cycle, or deeper than ${MAX_DEPTH}.`);
  if (mixed) return planMixed(objects, valueTypes, depth);
  switch (kind) {
    case 'array':
      return planArrays(objects as unknown[][], valueTypes, depth);
    case 'row':
      return planRows(objects as Row[], valueTypes, depth);
    case 'date':
      return copyDate as CopyObject;
    case 'bytes':
      return copyBytes as CopyObject;
    case 'buffer':
      return copyBuffer as CopyObject;
    default:
      return instanceCopier(kind);
  }
}

/** Objects of several kinds, or rows of several shapes, at one position: each copy looks at every object again. */
function planMixed(objects: readonly object[], valueTypes: readonly ValueType[], depth: number): CopyObject {
  const copyAny = mixedCopier(valueTypes, depth);
  // Throws now, and not at a later hit, if something cannot be copied.
  for (const object of objects) copyAny(object);
  return copyAny;
}

function planArrays(arrays: readonly unknown[][], valueTypes: readonly ValueType[], depth: number): CopyObject {
  // Each array once: one that holds itself twice would otherwise double with every step down.
  const distinct = [...new Set(arrays)];
  for (const array of distinct) refuseHoles(array);
  const copyItem = planFor(distinct.length === 1 ? (distinct[0] ?? []) : distinct.flat(), valueTypes, depth + 1);
  return copyItem === undefined ? copyFlatArray : arrayCopier(copyItem);
}

function planRows(rows: readonly Row[], valueTypes: readonly ValueType[], depth: number): CopyObject {
  const keys = Object.keys(rows[0] ?? {});
  if (!rows.every((row) => hasKeys(row, keys))) return planMixed(rows, valueTypes, depth);
  const cells = rows.map((row) => Object.values(row));
  const columns: string[] = [];
  const copies: CopyObject[] = [];
  for (const [index, key] of keys.entries()) {
    const column = cells.map((row) => row[index]);
    const copy = planFor(column, valueTypes, depth + 1);
    if (copy === undefined) continue;
    columns.push(key);
    copies.push(copy);
  }
  return columns.length === 0 ? copyFlatRow : rowCopier(columns, copies);
}

// Each copier is made in a function of its own: its scope stays in memory as long as its entry.

function rowCopier(columns: readonly string[], copies: readonly CopyObject[]): CopyObject {
  return (row) => {
    const copy: Row = { ...row };
    for (let index = 0; index < columns.length; index += 1) {
      const key = columns[index] as string;
      // The spread made it an own property, so this is right for `__proto__` as well.
      const cell = copy[key];
      if (typeof cell === 'object' && cell !== null) copy[key] = (copies[index] as CopyObject)(cell);
    }
    return copy;
  };
}

function arrayCopier(copyItem: CopyObject): CopyObject {
  return (array) => {
    const copy = (array as unknown[]).slice();
    for (let index = 0; index < copy.length; index += 1) {
      const item = copy[index];
      if (typeof item === 'object' && item !== null) copy[index] = copyItem(item);
    }
    return copy;
  };
}

function mixedCopier(valueTypes: readonly ValueType[], depth: number): CopyObject {
  return (value) => (planFor([value], valueTypes, depth) as CopyObject)(value);
}

function instanceCopier(type: ValueType): CopyObject {
  return (value) => type.copy(value);
}

function valueCopier<Value>(value: Value & object, copy: CopyObject): Copier<Value> {
  return () => copy(value) as Value;
}

function copyFlatArray(array: object): object {
  return (array as unknown[]).slice();
}

function copyFlatRow(row: object): object {
  return { ...row };
}

function hasKeys(row: Row, keys: readonly string[]): boolean {
  const own = Object.keys(row);
  if (own.length !== keys.length) return false;
  for (let index = 0; index < keys.length; index += 1) if (own[index] !== keys[index]) return false;
  return true;
}

function refuseHoles(array: readonly unknown[]): void {
  for (let index = 0; index < array.length; index += 1) {
    if (array[index] === undefined && !(index in array)) throw new CodecError('A sparse array cannot be cached.');
  }
}

function refuseUncopyable(value: unknown): void {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new CodecError(`A value cannot be cached: ${describeClass(value)}.`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function copyDate(value: Date): Date {
  return new Date(value.getTime());
}

function copyBytes(value: Uint8Array): Uint8Array {
  return value.slice();
}

function copyBuffer(value: Buffer): Buffer {
  return Buffer.from(value);
}
