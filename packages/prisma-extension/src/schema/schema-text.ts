import { type SchemaToken, schemaTokens } from './schema-tokens.js';

/** A call in an attribute's argument: `dbgenerated("now()")`, or a column with settings: `name(sort: Desc)`. */
export interface AttributeCall {
  readonly name: string;
  readonly values: ReadonlyMap<string, AttributeValue>;
}

/** The value of an attribute's argument: a string's content, a word, a call, or a list of them. */
export type AttributeValue = string | AttributeCall | readonly AttributeValue[];

/** `@name(…)` on a field, `@@name(…)` on a block; native types are named with their dot, as in `db.Uuid`. */
export interface Attribute {
  readonly name: string;
  /** By name. An argument without a name is at its position: `'0'`. */
  readonly values: ReadonlyMap<string, AttributeValue>;
}

export interface TextField {
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
  readonly isOptional: boolean;
  readonly attributes: readonly Attribute[];
}

export interface TextModel {
  readonly name: string;
  readonly isView: boolean;
  readonly fields: readonly TextField[];
  readonly attributes: readonly Attribute[];
}

/** What the extension needs of a schema's source. */
export interface TextSchema {
  readonly models: readonly TextModel[];
}

/** The source is not a schema that can be read. */
export class SchemaTextError extends Error {
  override readonly name = 'SchemaTextError';
}

/**
 * Reads the models from the source of a Prisma schema.
 *
 * @throws {@link SchemaTextError} for what it does not understand: it never skips a part of a model.
 */
export function parseSchemaText(text: string): TextSchema {
  const reader = new Reader(schemaTokens(text));
  const models: TextModel[] = [];
  for (reader.skipNewlines(); !reader.ended; reader.skipNewlines()) {
    const keyword = reader.word();
    const name = reader.word();
    if (keyword === 'model' || keyword === 'view') models.push(modelBlock(reader, name, keyword === 'view'));
    // `type Name = …` is an alias of the first Prisma versions; other blocks are skipped whole.
    else reader.skipBlock();
  }
  return { models };
}

function modelBlock(reader: Reader, name: string, isView: boolean): TextModel {
  const fields: TextField[] = [];
  const attributes: Attribute[] = [];
  reader.mark('{');
  for (reader.skipNewlines(); !reader.takeMark('}'); reader.skipNewlines()) {
    if (reader.takeMark('@@')) attributes.push(attribute(reader));
    else fields.push(field(reader));
  }
  return { name, isView, fields, attributes };
}

function field(reader: Reader): TextField {
  const name = reader.word();
  // Schemas of the first Prisma versions wrote `name: Type`.
  reader.takeMark(':');
  const type = reader.word();
  if (reader.takeMark('(')) reader.values(')');
  let isList = false;
  let isOptional = false;
  for (;;) {
    if (reader.takeMark('[')) {
      reader.mark(']');
      isList = true;
    } else if (reader.takeMark('?')) isOptional = true;
    else break;
  }
  const attributes: Attribute[] = [];
  while (reader.takeMark('@')) attributes.push(attribute(reader));
  if (!reader.atMark('}')) reader.newline();
  return { name, type, isList, isOptional, attributes };
}

function attribute(reader: Reader): Attribute {
  const name = reader.word();
  return { name, values: reader.takeMark('(') ? reader.values(')') : new Map() };
}

const END: SchemaToken = { kind: 'mark', text: '' };

class Reader {
  readonly #tokens: readonly SchemaToken[];
  #at = 0;

  constructor(tokens: readonly SchemaToken[]) {
    this.#tokens = tokens;
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get #token(): SchemaToken {
    return this.#tokens[this.#at] ?? END;
  }

  atMark(text: string): boolean {
    return this.#token.kind === 'mark' && this.#token.text === text;
  }

  takeMark(text: string): boolean {
    if (this.ended || !this.atMark(text)) return false;
    this.#at += 1;
    return true;
  }

  mark(text: string): void {
    if (!this.takeMark(text)) throw this.#unexpected(text);
  }

  word(): string {
    if (this.#token.kind !== 'word') throw this.#unexpected('a word');
    return this.#next().text;
  }

  newline(): void {
    if (this.ended) return;
    if (this.#token.kind !== 'newline') throw this.#unexpected('the end of the line');
    this.#at += 1;
  }

  skipNewlines(): void {
    while (this.#token.kind === 'newline') this.#at += 1;
  }

  /** The arguments up to `end`, which is consumed. */
  values(end: string): ReadonlyMap<string, AttributeValue> {
    const values = new Map<string, AttributeValue>();
    for (let position = 0; ; position += 1) {
      this.skipNewlines();
      if (this.takeMark(end)) return values;
      const first = this.value();
      this.skipNewlines();
      if (typeof first === 'string' && this.takeMark(':')) {
        this.skipNewlines();
        values.set(first, this.value());
        this.skipNewlines();
      } else values.set(String(position), first);
      if (!this.takeMark(',') && !this.atMark(end)) throw this.#unexpected(end);
    }
  }

  value(): AttributeValue {
    if (this.takeMark('[')) return [...this.values(']').values()];
    if (this.takeMark('{')) return [...this.values('}').values()];
    if (this.takeMark('-')) return `-${this.word()}`;
    if (this.#token.kind !== 'word' && this.#token.kind !== 'string') throw this.#unexpected('a value');
    const { text } = this.#next();
    return this.takeMark('(') ? { name: text, values: this.values(')') } : text;
  }

  /** Passes over `{ … }`, or over the rest of the line where there is none. */
  skipBlock(): void {
    let depth = 0;
    while (!this.ended) {
      const token = this.#next();
      if (token.kind === 'newline' && depth === 0) return;
      if (token.kind !== 'mark') continue;
      if (token.text === '{') depth += 1;
      if (token.text === '}' && --depth === 0) return;
    }
  }

  #next(): SchemaToken {
    const token = this.#token;
    this.#at += 1;
    return token;
  }

  #unexpected(wanted: string): SchemaTextError {
    return new SchemaTextError(
      `expected ${wanted}, found ${this.ended ? 'the end' : JSON.stringify(this.#token.text)}`,
    );
  }
}
