import { at, type Entity, isEntity, NAMES_OF_TABLES } from '../objects/entities.js';

/** What Drizzle read from an object at one time, and the number that represents it in a shape. */
interface Reading {
  readonly number: number;
  readonly read: readonly unknown[];
}

interface Readings {
  last: Reading;
  readonly byRead: Map<string, number>;
}

/** The most readings kept for one object. An application with more tenants gets new numbers again. */
const MOST_READINGS = 1_000;

/**
 * Numbers for what Drizzle reads from tables, columns and dialects while it writes a query.
 *
 * An application may assign a schema or a name between two queries, and a proxy may return other values each time. So a
 * number represents an object together with its present values: the same number means the same SQL.
 */
export class CurrentNames {
  readonly #numberOf: (object: object) => number;
  readonly #next: () => number;
  readonly #readings = new WeakMap<object, Readings>();

  /**
   * @param numberOf - A number that no other object has.
   * @param next - A number that represents nothing yet.
   */
  constructor(numberOf: (object: object) => number, next: () => number) {
    this.#numberOf = numberOf;
    this.#next = next;
  }

  ofTable(table: Entity): number {
    return this.#numberFor(table, readTable(table));
  }

  ofColumn(column: Entity): number {
    return this.#numberFor(column, [column['name'], column['keyAsName'], this.#tableOf(column)]);
  }

  /** A number for the columns of a table, as a whole. */
  ofColumns(columns: Entity): number {
    const read: unknown[] = [];
    let table: unknown;
    let ofTable: number | undefined;
    for (const key of Object.keys(columns)) {
      const column = columns[key];
      if (isEntity(column) && column['table'] !== table) {
        table = column['table'];
        ofTable = this.#tableOf(column);
      }
      read.push(key, column, at(column, 'name'), at(column, 'keyAsName'), ofTable);
    }
    return this.#numberFor(columns, read);
  }

  /** A number for the way in which `dialect` writes names of columns. */
  ofDialect(dialect: object): number {
    const casing = at(dialect, 'casing');
    return this.#numberFor(dialect, [casing, at(casing, 'convert'), at(dialect, 'escapeName')]);
  }

  #tableOf(column: Entity): number | undefined {
    const { table } = column;
    return isEntity(table) ? this.ofTable(table) : undefined;
  }

  #numberFor(object: object, read: readonly unknown[]): number {
    const known = this.#readings.get(object);
    if (known !== undefined && isSame(known.last.read, read)) return known.last.number;
    const byRead = known?.byRead ?? new Map<string, number>();
    const text = JSON.stringify(read.map((value) => this.#textOf(value)));
    let number = byRead.get(text);
    if (number === undefined) {
      number = this.#next();
      if (byRead.size >= MOST_READINGS) byRead.clear();
      byRead.set(text, number);
    }
    if (known === undefined) this.#readings.set(object, { last: { number, read }, byRead });
    else known.last = { number, read };
    return number;
  }

  #textOf(value: unknown): readonly [kind: string, text: string] {
    if (typeof value === 'function' || isEntity(value)) return ['object', String(this.#numberOf(value))];
    return [typeof value, String(value)];
  }
}

function readTable(table: Entity): readonly unknown[] {
  return NAMES_OF_TABLES.map((name) => table[name]);
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((value, place) => Object.is(value, now[place]));
}
