import { types } from 'node:util';
import { UnsupportedKeyError } from '../errors.js';
import { describeClass, isPlain } from '../plain.js';
import type { KeyType } from './key-type.js';
import { pathTo } from './path-to.js';

/** Deeper than any real query, and shallow enough for the stack. A cycle ends here as well. */
const MAX_DEPTH = 200;
const INITIAL_BYTES = 16 * 1024;
/** A buffer that one huge key made larger than this is released. */
const KEPT_BYTES = 1024 * 1024;
/** Up to here a loop in JavaScript beats a call into the buffer's native writer. */
const SHORT_TEXT = 40;

// Every tag begins a value that says where it ends, so no concatenation of values reads as another one.
const UNDEFINED = 0x75; // u
const NULL = 0x6e; // n
const TRUE = 0x74; // t
const FALSE = 0x66; // f
const NUMBER = 0x64; // d: decimal string, ended by ;
const BIGINT = 0x62; // b: decimal string, ended by ;
const ASCII = 0x73; // s: length : bytes
const WIDE = 0x77; // w: length : UTF-16 code units, so that lone surrogates stay what they are
const DATE = 0x44; // D: milliseconds (NaN for an invalid date), ended by ;
const BYTES = 0x42; // B: length : bytes
const CLASS = 0x43; // C: tag, then string
const ARRAY = 0x5b; // [ … ]
const ARRAY_END = 0x5d;
const OBJECT = 0x7b; // { key value … }
const OBJECT_END = 0x7d;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const ZERO = 0x30;

// One buffer serves every key. A call that happens inside another (a getter, a `toKey`) writes after what is there.
let buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
let end = 0;

/**
 * The one string for a query: equal for two values exactly if they mean the same query.
 *
 * Object keys count in any order, `undefined` properties and symbol keys not at all, -0 is 0, a missing item is `undefined`.
 * Everything else differs: `1`, `1n` and `'1'`; `NaN` and `null`; a date and its string; bytes and an array of numbers.
 * The string is the same in every process and contains only characters up to U+00FF.
 *
 * @param keyTypes - Classes beyond core's own that keys may hold. The first that claims an object decides.
 * @throws {@link UnsupportedKeyError} naming what has no canonical form, and where: a function, a symbol, an instance of a
 * class that no key type claims, a cycle, a nesting deeper than 200.
 */
export function canonicalForm(value: unknown, keyTypes: readonly KeyType[]): string {
  const start = end;
  try {
    write(value, keyTypes, 0);
    return buffer.toString('latin1', start, end);
  } catch (error) {
    throw error instanceof Unsupported ? error.locatedIn(value) : error;
  } finally {
    end = start;
    if (start === 0 && buffer.length > KEPT_BYTES) buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  }
}

function write(value: unknown, keyTypes: readonly KeyType[], depth: number): void {
  switch (typeof value) {
    case 'string':
      writeText(value);
      return;
    case 'number':
      writeNumber(NUMBER, value);
      return;
    case 'boolean':
      writeByte(value ? TRUE : FALSE);
      return;
    case 'undefined':
      writeByte(UNDEFINED);
      return;
    case 'bigint':
      writeEnded(BIGINT, value.toString());
      return;
    case 'object':
      if (value === null) writeByte(NULL);
      else writeObject(value, keyTypes, depth + 1);
      return;
    default:
      throw new Unsupported(value, describeClass(value));
  }
}

function writeObject(value: object, keyTypes: readonly KeyType[], depth: number): void {
  if (depth > MAX_DEPTH) throw new Unsupported(value, `a cycle, or a nesting deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) {
    writeByte(ARRAY);
    for (let index = 0; index < value.length; index += 1) write(value[index], keyTypes, depth);
    writeByte(ARRAY_END);
  } else if (isPlain(value)) {
    writeByte(OBJECT);
    for (const key of sorted(Object.keys(value))) {
      const property = value[key];
      if (property === undefined) continue;
      writeText(key);
      write(property, keyTypes, depth);
    }
    writeByte(OBJECT_END);
  } else if (types.isDate(value)) {
    writeNumber(DATE, Date.prototype.getTime.call(value));
  } else if (types.isUint8Array(value)) {
    writeHead(BYTES, value.length, value.length);
    buffer.set(value, end);
    end += value.length;
  } else {
    const type = keyTypes.find((candidate) => candidate.is(value));
    if (type === undefined) throw new Unsupported(value, describeClass(value));
    // Before anything is written: `toKey` is foreign code and may call for a canonical form itself.
    const text = type.toKey(value);
    writeByte(CLASS);
    writeText(type.tag);
    writeText(text);
  }
}

/** Sorts `keys` by UTF-16 code units, in place. Arguments have few keys, often in order already: insertion beats `sort`. */
function sorted(keys: string[]): readonly string[] {
  if (keys.length > 24) return keys.sort();
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index] as string;
    let hole = index;
    for (; hole > 0 && (keys[hole - 1] as string) > key; hole -= 1) keys[hole] = keys[hole - 1] as string;
    keys[hole] = key;
  }
  return keys;
}

function writeText(text: string): void {
  const { length } = text;
  if (length > SHORT_TEXT) {
    writeLongText(text);
    return;
  }
  const start = end;
  writeHead(ASCII, length, length);
  // Locals: the loops below are most of what a key costs.
  const bytes = buffer;
  const from = end;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) {
      end = start;
      writeWideText(text);
      return;
    }
    bytes[from + index] = unit;
  }
  end = from + length;
}

function writeLongText(text: string): void {
  const { length } = text;
  const from = end;
  writeHead(ASCII, length, 2 * length);
  // Only ASCII takes as many bytes as characters; anything else overruns, at the latest into the second half.
  if (buffer.write(text, end, 2 * length, 'utf8') === length) {
    end += length;
    return;
  }
  end = from;
  writeWideText(text);
}

function writeWideText(text: string): void {
  writeHead(WIDE, text.length, 2 * text.length);
  end += buffer.write(text, end, 'utf16le');
}

function writeNumber(tag: number, value: number): void {
  if (value >>> 0 !== value) {
    writeEnded(tag, String(value));
    return;
  }
  reserve(12);
  buffer[end++] = tag;
  writeDigits(value);
  buffer[end++] = SEMICOLON;
}

/** Writes `tag`, ASCII `text`, and the mark that ends it. */
function writeEnded(tag: number, text: string): void {
  reserve(text.length + 2);
  buffer[end++] = tag;
  end += buffer.write(text, end, 'latin1');
  buffer[end++] = SEMICOLON;
}

/** Writes `tag`, `count` and a colon, and makes room for `room` bytes after them. */
function writeHead(tag: number, count: number, room: number): void {
  reserve(room + 12);
  buffer[end++] = tag;
  writeDigits(count);
  buffer[end++] = COLON;
}

/** Writes `value`, an unsigned 32-bit integer, in room already reserved. */
function writeDigits(value: number): void {
  const bytes = buffer;
  let at = end;
  if (value >= 10) {
    at += 1;
    for (let limit = 100; value >= limit; limit *= 10) at += 1;
  }
  end = at + 1;
  let rest = value;
  do {
    const next = (rest / 10) >>> 0;
    bytes[at] = ZERO + rest - next * 10;
    at -= 1;
    rest = next;
  } while (rest > 0);
}

function writeByte(byte: number): void {
  if (end === buffer.length) reserve(1);
  buffer[end++] = byte;
}

function reserve(count: number): void {
  if (end + count <= buffer.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, end + count));
  buffer.copy(larger, 0, 0, end);
  buffer = larger;
}

/** The unsupported value. Its path is computed only when it is reported. */
class Unsupported extends Error {
  readonly #culprit: unknown;

  constructor(culprit: unknown, what: string) {
    super(what);
    this.#culprit = culprit;
  }

  locatedIn(root: unknown): UnsupportedKeyError {
    return new UnsupportedKeyError(`No cache key: ${this.message} at ${pathTo(this.#culprit, root, MAX_DEPTH)}.`);
  }
}
