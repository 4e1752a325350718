import { CodecError } from '../errors.js';
import { describeClass, isPlain } from '../plain.js';
import { kindOf, MAX_DEPTH } from './value-kind.js';
import type { ValueType } from './value-type.js';
import * as wire from './wire.js';

/** Any lone surrogate: with the `u` flag, a pair is not one. */
const LONE_SURROGATE = /\p{Surrogate}/u;

type Row = Record<string, unknown>;

/**
 * Turns `value` into a {@link wire.Wire}.
 *
 * @throws {@link CodecError} if it contains anything that could not be decoded exactly.
 */
export function toWire(value: unknown, valueTypes: readonly ValueType[]): wire.Wire {
  return new WireWriter(valueTypes).write(value);
}

class WireWriter {
  readonly #valueTypes: readonly ValueType[];
  readonly #shapes: wire.WireShape[] = [];
  /** The numbers of the shapes that have the same names, joined: joining alone could mistake one list for another. */
  readonly #shapesByNames = new Map<string, number[]>();
  readonly #classes: ValueType[] = [];
  #depth = 0;

  constructor(valueTypes: readonly ValueType[]) {
    this.#valueTypes = valueTypes;
  }

  write(value: unknown): wire.Wire {
    const tree = this.#tree(value);
    return [this.#shapes, this.#classes.map((type) => wellFormed(type.tag)), tree];
  }

  #tree(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
        return wellFormed(value);
      case 'number':
        return Object.is(value, -0) ? [wire.NEGATIVE_ZERO] : value;
      case 'boolean':
        return value;
      case 'undefined':
        return [wire.UNDEFINED];
      case 'bigint':
        return [wire.BIGINT, digitsOf(value)];
      case 'object':
        return value === null ? null : this.#object(value);
      default:
        throw new CodecError(`A value cannot be encoded: ${describeClass(value)}.`);
    }
  }

  #object(value: object): unknown {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new CodecError(`A value cannot be encoded: a cycle, or deeper than ${MAX_DEPTH}.`);
    }
    const tree = this.#nested(value);
    this.#depth -= 1;
    return tree;
  }

  #nested(value: object): unknown {
    const kind = kindOf(value, this.#valueTypes);
    switch (kind) {
      case 'row':
        return this.#row(value as Row);
      case 'array':
        return this.#table(value as unknown[]) ?? this.#list(value as unknown[]);
      case 'date':
        return [wire.DATE, (value as Date).getTime()];
      case 'bytes':
        return asBuffer(value as Uint8Array);
      case 'buffer':
        return [wire.BUFFER, value];
      default:
        return [wire.CLASS, this.#class(kind), wellFormed(kind.toText(value))];
    }
  }

  #list(items: readonly unknown[]): unknown {
    const tree: unknown[] = [wire.LIST];
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index];
      if (item === undefined && !(index in items)) throw new CodecError('A value cannot be encoded: a sparse array.');
      tree.push(this.#tree(item));
    }
    return tree;
  }

  #row(row: Row): unknown {
    const keys = Object.keys(row);
    const cells = Object.values(row);
    const columns: number[] = [];
    for (let index = 0; index < cells.length; index += 1) columns.push(this.#column(cells, index, index + 1));
    return [this.#shape(keys, columns), ...cells];
  }

  /** @returns `undefined` unless every item is a row and all have the same columns in the same order. */
  #table(items: readonly unknown[]): unknown {
    const first = items[0];
    if (typeof first !== 'object' || first === null || kindOf(first, this.#valueTypes) !== 'row') return undefined;
    const keys = Object.keys(first);
    const count = items.length;
    if (keys.length === 0) return undefined;
    const cells: unknown[] = new Array(keys.length * count);
    for (let index = 0; index < count; index += 1) {
      const row = items[index];
      // The rows of one query have the same kind: the first was checked for all of them.
      if (typeof row !== 'object' || row === null || !isPlain(row) || !sameStrings(Object.keys(row), keys)) {
        return undefined;
      }
      const values = Object.values(row);
      for (let column = 0; column < values.length; column += 1) cells[column * count + index] = values[column];
    }
    const columns = keys.map((_, index) => this.#column(cells, index * count, (index + 1) * count));
    return [wire.TABLE, this.#shape(keys, columns), count, ...cells];
  }

  /** Writes the cells of one column in place, in the most compact way that fits all. */
  #column(cells: unknown[], from: number, to: number): number {
    const column = this.#columnFor(cells, from, to);
    if (column === wire.ROWS) {
      const rows = this.#object(cells.slice(from, to));
      cells.fill(null, from, to);
      cells[from] = rows;
    } else if (column === wire.LISTS) {
      const lists = cells.slice(from, to) as unknown[][];
      for (const [index, list] of lists.entries()) cells[from + index] = list.length;
      cells[from] = [cells[from], this.#object(lists.flat())];
    } else {
      for (let index = from; index < to; index += 1) {
        const cell = cells[index];
        if (cell === null) continue;
        cells[index] = column === wire.ANY ? this.#tree(cell) : this.#payload(column, cell);
      }
    }
    return column;
  }

  #columnFor(cells: readonly unknown[], from: number, to: number): number {
    let column: number | undefined;
    let hasNull = false;
    for (let index = from; index < to; index += 1) {
      const cell = cells[index];
      if (cell === null) {
        hasNull = true;
        continue;
      }
      const fitting = this.#columnOf(cell);
      if (fitting === wire.ANY || (column !== undefined && column !== fitting)) return wire.ANY;
      column = fitting;
    }
    if (column === wire.LISTS) {
      return hasNull || to - from === 1 || !(cells.slice(from, to) as unknown[][]).every(isDense) ? wire.ANY : column;
    }
    if (column === wire.ROWS) return hasNull || to - from === 1 ? wire.ANY : column;
    return column ?? wire.ANY;
  }

  #columnOf(cell: unknown): number {
    if (typeof cell === 'bigint') return wire.BIGINTS;
    if (typeof cell !== 'object' || cell === null) return wire.ANY;
    const kind = kindOf(cell, this.#valueTypes);
    switch (kind) {
      case 'date':
        return wire.DATES;
      case 'buffer':
        return wire.BUFFERS;
      case 'row':
        return wire.ROWS;
      case 'array':
        return wire.LISTS;
      case 'bytes':
        return wire.ANY;
      default:
        return wire.CLASSES + this.#class(kind);
    }
  }

  /** The cell of a compact column: its tree without the code. */
  #payload(column: number, cell: unknown): unknown {
    switch (column) {
      case wire.DATES:
        return (cell as Date).getTime();
      case wire.BIGINTS:
        return digitsOf(cell as bigint);
      case wire.BUFFERS:
        return cell;
      default: {
        const type = this.#classes[column - wire.CLASSES] as ValueType;
        return wellFormed(type.toText(cell as object));
      }
    }
  }

  #class(type: ValueType): number {
    const known = this.#classes.indexOf(type);
    return known >= 0 ? known : this.#classes.push(type) - 1;
  }

  #shape(keys: readonly string[], columns: readonly number[]): number {
    const names = keys.join();
    let numbers = this.#shapesByNames.get(names);
    if (numbers === undefined) {
      numbers = [];
      this.#shapesByNames.set(names, numbers);
    }
    for (const number of numbers) {
      const [knownKeys, knownColumns] = this.#shapes[number] as wire.WireShape;
      if (sameStrings(knownKeys, keys) && knownColumns.every((column, index) => column === columns[index]))
        return number;
    }
    for (const key of keys) wellFormed(key);
    const number = this.#shapes.push([keys, columns]) - 1;
    numbers.push(number);
    return number;
  }
}

/** Whether `list` has no holes, which putting lists together would close. */
function isDense(list: readonly unknown[]): boolean {
  for (let index = 0; index < list.length; index += 1) if (list[index] === undefined && !(index in list)) return false;
  return true;
}

function sameStrings(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** Beyond it a bigint has too many digits. */
const LIMIT = 10n ** BigInt(wire.MOST_DIGITS);

function digitsOf(value: bigint): string {
  if (value >= LIMIT || value <= -LIMIT) {
    throw new CodecError(`A value cannot be encoded: a bigint of more than ${wire.MOST_DIGITS} digits.`);
  }
  return value.toString();
}

function wellFormed(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new CodecError('A value cannot be encoded: a string with a lone surrogate.');
  return text;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
