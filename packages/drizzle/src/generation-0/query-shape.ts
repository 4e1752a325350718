import { at, COLUMNS, type Entity, IS_ALIAS, isEntity } from '../objects/entities.js';
import { CurrentNames } from './current-names.js';
import { isCustom, plainDecoderOf } from './own-decoders.js';
import { type Role, roleOf } from './roles.js';

/** Converts a value for the driver. Most are columns. */
interface Encoder {
  mapToDriverValue(value: unknown): unknown;
}

/** A value that becomes a parameter. */
export interface ShapeValue {
  readonly value: unknown;
  /** `undefined`: the driver gets the value as it is. */
  readonly encoder: Encoder | undefined;
}

/** What a query is built of. Queries of the same shape differ only in the values of their parameters. */
export interface QueryShape {
  /** A description of everything that the SQL depends on. */
  readonly text: string;
  readonly values: readonly ShapeValue[];
  /** Whether the description contains how results of SQL in the query are decoded. A function of the application is not in it. */
  readonly hasDecoders: boolean;
  /** Whether results are decoded only by Drizzle's own columns and by functions of the language. */
  readonly ownDecoders: boolean;
}

/** Drizzle builds queries of longer shapes each time: they are rarely the same twice. */
const LONGEST_SHAPE = 8_000;

/** Roles of the value of a parameter. In any other role it is SQL. */
const DATA: ReadonlySet<Role> = new Set(['list', 'plain', 'value']);

/**
 * Describes what queries are built of, at a small part of the cost of building them.
 *
 * A description contains every part of the query. If one part is of an unknown kind, there is no description.
 */
export class QueryShapes {
  /** The decoder of SQL for which the application has set none. */
  readonly noDecoder: unknown;
  /** The present names of tables, columns and dialects. */
  readonly names: CurrentNames;
  readonly #numbers = new WeakMap<object, number>();
  readonly #custom = new WeakMap<object, { readonly number: number; readonly custom: boolean }>();
  #last = 0;

  /** @param sql - Any piece of Drizzle's SQL that has no decoder of its own. */
  constructor(sql: Entity) {
    this.noDecoder = sql['decoder'];
    this.names = new CurrentNames(
      (object) => this.numberOf(object),
      () => this.#next(),
    );
  }

  /**
   * @param dialect - The dialect that writes the query.
   * @param fixed - Further objects that the query is built with. What Drizzle reads from them is in `parts`.
   * @returns `undefined` if the query contains a part of an unknown kind.
   */
  of(parts: unknown, dialect: object, ...fixed: readonly object[]): QueryShape | undefined {
    const writer = new ShapeWriter(this);
    writer.text = `${this.names.ofDialect(dialect)};`;
    for (const object of fixed) writer.text += `${this.numberOf(object)};`;
    return writer.part(parts) && writer.text.length <= LONGEST_SHAPE ? writer : undefined;
  }

  /** Makes a number represent the columns of a table. */
  learnColumns(columns: unknown): void {
    if (isEntity(columns)) this.numberOf(columns);
  }

  /** @param number - The number that represents `columns` now. */
  hasCustom(columns: Entity, number: number = this.names.ofColumns(columns)): boolean {
    const known = this.#custom.get(columns);
    if (known?.number === number) return known.custom;
    const custom = Object.values(columns).some(isCustom);
    this.#custom.set(columns, { number, custom });
    return custom;
  }

  /** A number that no other object has during the life of `object`. */
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
 * Whether `config` is that of a set operation. While Drizzle builds such a query, it changes its `orderBy`; and the other half
 * is a builder that may still change.
 */
export function isCombined(config: unknown): boolean {
  const others = at(config, 'setOperators');
  return Array.isArray(others) && others.length > 0;
}

class ShapeWriter implements QueryShape {
  text = '';
  readonly values: ShapeValue[] = [];
  hasDecoders = true;
  ownDecoders = true;
  readonly #shapes: QueryShapes;
  /** Whether a table at this place is selected with all its columns. */
  #selecting = false;

  constructor(shapes: QueryShapes) {
    this.#shapes = shapes;
  }

  /** Writes a part of the configuration of a builder. @returns `false` if it is of an unknown kind. */
  part(part: unknown): boolean {
    switch (typeof part) {
      case 'undefined':
        return this.#write('u');
      case 'boolean':
        return this.#write(part ? 't' : 'f');
      case 'string':
        return this.#string('l', part);
      case 'number':
        // A limit. For 0 and for a value that is no number, Drizzle may write none.
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

  /** Writes a piece of SQL, by the role that it has for Drizzle. */
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
      this.hasDecoders = false;
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
    // Drizzle writes a selected table as its columns.
    const number = this.#shapes.names.ofColumns(columns);
    if (this.#shapes.hasCustom(columns, number)) this.ownDecoders = false;
    return this.#write(`o${number};`);
  }

  #value(value: unknown, encoder: Encoder | undefined): boolean {
    this.values.push({ value, encoder });
    return this.#write('v');
  }

  /** With its length, so that no string can be mistaken for what follows it. */
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
