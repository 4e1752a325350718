import { at, COLUMNS, type Entity, IS_ALIAS, isEntity } from '../objects/entities.js';
import { CurrentNames } from './current-names.js';
import { isCustom, plainDecoderOf } from './own-decoders.js';
import { type Role, roleOf } from './roles.js';

/** Turns a value into what a driver gets: a column, mostly. */
interface Encoder {
  mapToDriverValue(value: unknown): unknown;
}

/** A value that becomes a parameter. */
export interface ShapeValue {
  readonly value: unknown;
  /** Absent: the driver gets it as it is. */
  readonly encoder: Encoder | undefined;
}

/** What a query is built of. Queries of one shape differ in the values of their parameters only. */
export interface QueryShape {
  /** All that the text of the query depends on. */
  readonly text: string;
  readonly values: readonly ShapeValue[];
  /** Whether the text tells how SQL in the query is read from an answer. A function that somebody wrote is not told. */
  readonly decodersTold: boolean;
  /** Whether nothing but Drizzle's own columns and decoders makes values of an answer. */
  readonly ownDecoders: boolean;
}

/** Longer ones are built by Drizzle each time: whoever makes them up by hand rarely makes the same one again. */
const LONGEST_SHAPE = 8_000;

/** What a parameter is given as a value. Anything else there is SQL, and a text of its own. */
const DATA: ReadonlySet<Role> = new Set(['list', 'plain', 'value']);

/**
 * Describes what queries are built of, for a small part of what it costs to build them.
 *
 * Everything that it meets is in the description, or there is none: what it does not know, it does not pass over.
 */
export class QueryShapes {
  /** What SQL is read with that says nothing about it. */
  readonly noDecoder: unknown;
  /** What tables, columns and dialects are called at the moment. */
  readonly names: CurrentNames;
  readonly #numbers = new WeakMap<object, number>();
  readonly #custom = new WeakMap<object, { readonly number: number; readonly custom: boolean }>();
  #last = 0;

  /** @param sql - Any piece of Drizzle's SQL that says nothing about how it is read. */
  constructor(sql: Entity) {
    this.noDecoder = sql['decoder'];
    this.names = new CurrentNames(
      (object) => this.numberOf(object),
      () => this.#next(),
    );
  }

  /**
   * @param dialect - What writes the query.
   * @param fixed - Objects that the query is built with besides. What is read of them is among `parts`.
   * @returns `undefined` for what holds anything that is not known to be written in one way only.
   */
  of(parts: unknown, dialect: object, ...fixed: readonly object[]): QueryShape | undefined {
    const writer = new ShapeWriter(this);
    writer.text = `${this.names.ofDialect(dialect)};`;
    for (const object of fixed) writer.text += `${this.numberOf(object)};`;
    return writer.part(parts) && writer.text.length <= LONGEST_SHAPE ? writer : undefined;
  }

  /** Lets the columns of a table be told by a number. */
  learnColumns(columns: unknown): void {
    if (isEntity(columns)) this.numberOf(columns);
  }

  /** @param number - What stands for `columns` at the moment. */
  hasCustom(columns: Entity, number: number = this.names.ofColumns(columns)): boolean {
    const known = this.#custom.get(columns);
    if (known?.number === number) return known.custom;
    const custom = Object.values(columns).some(isCustom);
    this.#custom.set(columns, { number, custom });
    return custom;
  }

  /** A number that no other object has, as long as `object` lives. */
  numberOf(object: object): number {
    const known = this.#numbers.get(object);
    if (known !== undefined) return known;
    const number = this.#next();
    this.#numbers.set(object, number);
    return number;
  }

  knows(object: object): boolean {
    return this.#numbers.has(object);
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }
}

/**
 * Whether `config` is that of a union or the like. Drizzle changes what such a query is ordered by while it builds it,
 * and its other half is a builder that may go on changing.
 */
export function isCombined(config: unknown): boolean {
  const others = at(config, 'setOperators');
  return Array.isArray(others) && others.length > 0;
}

class ShapeWriter implements QueryShape {
  text = '';
  readonly values: ShapeValue[] = [];
  decodersTold = true;
  ownDecoders = true;
  readonly #shapes: QueryShapes;
  /** Whether a table that is met is selected with all its columns. */
  #selecting = false;

  constructor(shapes: QueryShapes) {
    this.#shapes = shapes;
  }

  /** Writes a part of what a builder was told. @returns Whether it could. */
  part(part: unknown): boolean {
    switch (typeof part) {
      case 'undefined':
        return this.#write('u');
      case 'boolean':
        return this.#write(part ? 't' : 'f');
      case 'string':
        return this.#string('l', part);
      case 'number':
        // A limit. None may be written for 0, and for what is no number.
        if (part > 0 && Number.isFinite(part)) return this.#value(part, undefined);
        return this.#write(Object.is(part, -0) ? '#-0;' : `#${part};`);
      case 'object':
        break;
      default:
        return false;
    }
    if (part === null) return this.#write('z');
    if (Array.isArray(part)) {
      this.#write(`[${part.length}:`);
      for (const item of part) if (!this.part(item)) return false;
      return true;
    }
    return roleOf(part) === 'plain' ? this.#properties(part as Entity) : this.#chunk(part);
  }

  #properties(part: Entity): boolean {
    if (this.#shapes.knows(part)) {
      const number = this.#shapes.names.ofColumns(part);
      if (this.#shapes.hasCustom(part, number)) this.ownDecoders = false;
      return this.#write(`o${number};`);
    }
    if (typeof part['getSQL'] === 'function') return false;
    const names = Object.keys(part);
    this.#write(`{${names.length}:`);
    const within = this.#selecting;
    for (const name of names) {
      this.#selecting = within || name === 'fields';
      if (!this.#string('', name) || !this.part(part[name])) return false;
    }
    this.#selecting = within;
    return true;
  }

  /** Writes what SQL is put together from, as Drizzle tells its pieces apart. */
  #chunk(chunk: unknown): boolean {
    if (chunk === undefined) return this.#write('u');
    if (typeof chunk === 'function' || typeof chunk === 'symbol') return false;
    if (!isEntity(chunk)) return this.#value(chunk, undefined);
    switch (roleOf(chunk)) {
      case 'text': {
        const { value } = chunk;
        return this.#string('s', Array.isArray(value) ? value.join('') : String(value));
      }
      case 'name':
        return this.#string('n', String(chunk['value']));
      case 'sql':
        this.#decoder(chunk['decoder']);
        return chunk['shouldInlineParams'] === false && this.#chunks('q', chunk['queryChunks']);
      case 'list':
        return this.#chunks('(', chunk);
      case 'aliased':
        this.#write(chunk['isSelectionField'] === true ? 'A' : 'a');
        return this.#string('', String(chunk['fieldAlias'])) && this.#chunk(chunk['sql']);
      case 'parameter':
        return this.#parameter(chunk);
      case 'column':
        if (isCustom(chunk)) this.ownDecoders = false;
        if (at(chunk, 'table', IS_ALIAS) === true && !this.#shapes.knows(chunk)) return false;
        return this.#write(`c${this.#shapes.names.ofColumn(chunk)};`);
      case 'table':
        return this.#table(chunk);
      case 'select': {
        const { dialect, config } = chunk;
        if (!isEntity(dialect) || isCombined(config)) return false;
        return this.#write(`b${this.#shapes.names.ofDialect(dialect)};`) && this.part(config);
      }
      case 'plain':
      case 'value':
        return typeof chunk['getSQL'] !== 'function' && this.#value(chunk, undefined);
      default:
        return false;
    }
  }

  #decoder(decoder: unknown): void {
    if (decoder === this.#shapes.noDecoder) return;
    const called = plainDecoderOf(decoder);
    if (called !== undefined) this.#write(`d${called};`);
    else if (isEntity(decoder) && roleOf(decoder) === 'column' && !isCustom(decoder)) {
      this.#write(`d${this.#shapes.numberOf(decoder)};`);
    } else {
      this.decodersTold = false;
      this.ownDecoders = false;
    }
  }

  #chunks(mark: string, chunks: unknown): boolean {
    if (!Array.isArray(chunks)) return false;
    this.#write(`${mark}${chunks.length}:`);
    for (const chunk of chunks) if (!this.#chunk(chunk)) return false;
    return true;
  }

  #parameter({ value, encoder }: Entity): boolean {
    if (isEntity(value) && !DATA.has(roleOf(value))) return false;
    if (!isEncoder(encoder)) return false;
    this.#write(`p${this.#shapes.numberOf(encoder)};`);
    return this.#value(value, encoder);
  }

  #table(table: Entity): boolean {
    if (table[IS_ALIAS] === true) return false;
    const columns = table[COLUMNS];
    this.#shapes.learnColumns(columns);
    this.#write(`t${this.#shapes.names.ofTable(table)};`);
    if (!this.#selecting || !isEntity(columns)) return true;
    // Selected as a whole, it is written as its columns.
    const number = this.#shapes.names.ofColumns(columns);
    if (this.#shapes.hasCustom(columns, number)) this.ownDecoders = false;
    return this.#write(`o${number};`);
  }

  #value(value: unknown, encoder: Encoder | undefined): boolean {
    this.values.push({ value, encoder });
    return this.#write('v');
  }

  /** With its length, so that no text can pass for what follows it. */
  #string(mark: string, text: string): boolean {
    return this.#write(`${mark}${text.length}:${text}`);
  }

  #write(text: string): boolean {
    this.text += text;
    return true;
  }
}

function isEncoder(value: unknown): value is Encoder {
  return isEntity(value) && typeof value['mapToDriverValue'] === 'function';
}
