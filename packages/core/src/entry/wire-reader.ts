import { CodecError } from '../errors.js';
import type { ValueType } from './value-type.js';
import * as wire from './wire.js';

type Row = Record<string, unknown>;

/**
 * Turns a {@link wire.Wire} back into the value. Reuses the arrays of `message`.
 *
 * @throws {@link CodecError} if `message` is anything else, or names a class that `valueTypes` lack.
 */
export function fromWire(message: unknown, valueTypes: readonly ValueType[]): unknown {
  if (!Array.isArray(message) || message.length !== 3) return malformed('a message');
  const [shapes, classes, tree] = message as unknown[];
  if (!Array.isArray(shapes) || !shapes.every(isShape)) return malformed('shapes');
  if (!isStrings(classes)) return malformed('classes');
  const types = classes.map((tag) => {
    const type = valueTypes.find((candidate) => candidate.tag === tag);
    if (type === undefined)
      throw new CodecError(`The payload contains values of type ${tag}, for which no value type is registered.`);
    return type;
  });
  return new WireReader(shapes, types).read(tree);
}

class WireReader {
  readonly #shapes: readonly wire.WireShape[];
  readonly #classes: readonly ValueType[];

  constructor(shapes: readonly wire.WireShape[], classes: readonly ValueType[]) {
    this.#shapes = shapes;
    this.#classes = classes;
  }

  read(tree: unknown): unknown {
    if (typeof tree !== 'object') return tree;
    if (tree === null) return null;
    if (tree instanceof Uint8Array) return new Uint8Array(tree);
    if (!Array.isArray(tree)) return malformed('a tree');
    const code: unknown = tree[0];
    if (typeof code !== 'number') return malformed('a code');
    if (code >= 0) return this.#row(code, tree);
    switch (code) {
      case wire.LIST:
        return this.#list(tree);
      case wire.TABLE:
        return this.#table(tree);
      case wire.UNDEFINED:
        return undefined;
      case wire.NEGATIVE_ZERO:
        return -0;
      case wire.DATE:
        return toDate(tree[1]);
      case wire.BIGINT:
        return toBigInt(tree[1]);
      case wire.BUFFER:
        return toBuffer(tree[1]);
      case wire.CLASS:
        return this.#instance(tree[1], tree[2]);
      default:
        return malformed('a code');
    }
  }

  #list(tree: readonly unknown[]): unknown[] {
    const items: unknown[] = [];
    for (let index = 1; index < tree.length; index += 1) items.push(this.read(tree[index]));
    return items;
  }

  #row(number: number, tree: unknown[]): Row {
    const [keys, columns] = this.#shape(number);
    if (tree.length !== keys.length + 1) return malformed('a row');
    for (const [index, column] of columns.entries()) this.#column(column, tree, index + 1, index + 2);
    return firstRow(keys, tree, 1, 1);
  }

  #table(tree: unknown[]): Row[] {
    const [, number, count] = tree;
    const [keys, columns] = this.#shape(number);
    if (typeof count !== 'number' || count < 1 || keys.length === 0 || tree.length !== 3 + keys.length * count) {
      return malformed('a table');
    }
    for (const [index, column] of columns.entries()) {
      this.#column(column, tree, 3 + index * count, 3 + (index + 1) * count);
    }
    const first = firstRow(keys, tree, 3, count);
    const rows = [first];
    for (let index = 1; index < count; index += 1) {
      // The spread gives every row the properties of the first, `__proto__` included, as properties of its own.
      const row = { ...first };
      for (let column = 0; column < keys.length; column += 1) {
        row[keys[column] as string] = tree[3 + column * count + index];
      }
      rows.push(row);
    }
    return rows;
  }

  #shape(number: unknown): wire.WireShape {
    return (typeof number === 'number' ? this.#shapes[number] : undefined) ?? malformed('a shape');
  }

  /** Reads the cells of one column in place. */
  #column(column: number, cells: unknown[], from: number, to: number): void {
    if (column === wire.ROWS) {
      this.#rowsColumn(cells, from, to);
      return;
    }
    if (column === wire.LISTS) {
      this.#listsColumn(cells, from, to);
      return;
    }
    for (let index = from; index < to; index += 1) {
      const cell = cells[index];
      if (cell !== null && (column !== wire.ANY || typeof cell === 'object')) cells[index] = this.#cell(column, cell);
    }
  }

  #rowsColumn(cells: unknown[], from: number, to: number): void {
    const rows = this.read(cells[from]);
    if (!Array.isArray(rows) || rows.length !== to - from) malformed('a column of rows');
    for (let index = 0; index < rows.length; index += 1) cells[from + index] = rows[index];
  }

  #listsColumn(cells: unknown[], from: number, to: number): void {
    const head = cells[from];
    if (!Array.isArray(head) || head.length !== 2) malformed('a column of lists');
    const items = this.read(head[1]);
    if (!Array.isArray(items)) malformed('a column of lists');
    cells[from] = head[0];
    let start = 0;
    for (let index = from; index < to; index += 1) {
      const length = cells[index];
      if (typeof length !== 'number' || !(length >= 0)) malformed('the length of a list');
      cells[index] = items.slice(start, start + length);
      start += length;
    }
    if (start !== items.length) malformed('lists that share all items');
  }

  #cell(column: number, cell: unknown): unknown {
    switch (column) {
      case wire.ANY:
        return this.read(cell);
      case wire.DATES:
        return toDate(cell);
      case wire.BIGINTS:
        return toBigInt(cell);
      case wire.BUFFERS:
        return toBuffer(cell);
      default:
        return this.#instance(column - wire.CLASSES, cell);
    }
  }

  #instance(number: unknown, text: unknown): object {
    const type = typeof number === 'number' ? this.#classes[number] : undefined;
    if (type === undefined || typeof text !== 'string') return malformed('an instance of a class');
    try {
      return type.fromText(text);
    } catch (cause) {
      throw new CodecError(`Malformed payload: the value type ${type.tag} cannot read its string.`, { cause });
    }
  }
}

/** Makes a row of the cells that stand at `from` and every `step` behind. */
function firstRow(keys: readonly string[], cells: readonly unknown[], from: number, step: number): Row {
  const row: Row = {};
  for (const [column, key] of keys.entries()) {
    const value = cells[from + column * step];
    if (key === '__proto__') {
      // An assignment would set the prototype.
      Object.defineProperty(row, key, { value, enumerable: true, configurable: true, writable: true });
    } else {
      row[key] = value;
    }
  }
  return row;
}

function toDate(milliseconds: unknown): Date {
  return typeof milliseconds === 'number' ? new Date(milliseconds) : malformed('a date');
}

function toBigInt(text: unknown): bigint {
  const isShort = typeof text === 'string' && text.length <= wire.MOST_DIGITS + 1;
  return isShort && /^-?\d+$/.test(text) ? BigInt(text) : malformed(`a bigint of at most ${wire.MOST_DIGITS} digits`);
}

function toBuffer(bytes: unknown): Buffer {
  return bytes instanceof Uint8Array ? Buffer.from(bytes) : malformed('a buffer');
}

function isShape(value: unknown): value is wire.WireShape {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [keys, columns] = value as unknown[];
  return (
    isStrings(keys) &&
    Array.isArray(columns) &&
    columns.length === keys.length &&
    columns.every((column) => Number.isInteger(column))
  );
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function malformed(what: string): never {
  throw new CodecError(`Malformed payload: expected ${what}.`);
}
