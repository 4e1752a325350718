import { crc32 } from 'node:zlib';
import { CodecError } from '../errors.js';
import type { Footprint } from '../match/footprint.js';
import { isRecord } from '../plain.js';
import { decodeValue, encodeValue } from './codec.js';
import type { Entry } from './entry.js';
import type { ValueType } from './value-type.js';

/** The first bytes of every payload of Cachetastic. */
const MAGIC = 0x43_54_45; // CTE
/** Changes with every change of what follows: processes of different versions miss each other's entries. */
const VERSION = 2;

// magic (3) version (1) length of the body (4) checksum of the key and the body (4) body
const VERSION_AT = 3;
const LENGTH_AT = 4;
const CHECKSUM_AT = 8;
const BODY_AT = 12;

/**
 * Encodes an entry for a tier that keeps bytes.
 *
 * @param key - Where the tier will keep it. Under any other key it is corrupt.
 * @throws {@link CodecError} if its value cannot be encoded exactly.
 */
export function encodeEntry(entry: Entry, valueTypes: readonly ValueType[], key: string): Buffer {
  const { stamp, footprint, createdAt, staleAt, refreshUntil, expiresAt, value } = entry;
  const parts = [stamp.epoch, stamp.seq, createdAt, staleAt, refreshUntil, expiresAt, footprint, value];
  const body = encodeValue(parts, valueTypes);
  const frame = Buffer.allocUnsafe(BODY_AT + body.length);
  frame.writeUIntBE(MAGIC, 0, 3);
  frame.writeUInt8(VERSION, VERSION_AT);
  frame.writeUInt32BE(body.length, LENGTH_AT);
  frame.writeUInt32BE(checksumOf(body, key), CHECKSUM_AT);
  body.copy(frame, BODY_AT);
  return frame;
}

/**
 * Decodes a payload from {@link encodeEntry}. The entry shares no memory with `bytes`.
 *
 * @param key - Where the tier kept it.
 * @throws {@link CodecError} saying what is wrong: not of Cachetastic, of another version, truncated, corrupt, of another key, malformed.
 */
export function decodeEntry(bytes: Uint8Array, valueTypes: readonly ValueType[], key: string): Entry {
  const parts = decodeValue(bodyOf(bytes, key), valueTypes);
  if (!Array.isArray(parts) || parts.length !== 8) throw new CodecError('Malformed payload: not an entry.');
  const [epoch, seq, createdAt, staleAt, refreshUntil, expiresAt, footprint, value] = parts as unknown[];
  if (typeof epoch !== 'string' || !isSequence(seq)) throw new CodecError('Malformed payload: invalid stamp.');
  if (!isTime(createdAt) || !isTime(staleAt) || !isTime(refreshUntil) || !isTime(expiresAt)) {
    throw new CodecError('Malformed payload: invalid times.');
  }
  if (!isFootprint(footprint)) throw new CodecError('Malformed payload: invalid footprint.');
  return { value, footprint, stamp: { epoch, seq }, createdAt, staleAt, refreshUntil, expiresAt };
}

/** The body of a whole and undamaged frame of our version that belongs to `key`. */
function bodyOf(bytes: Uint8Array, key: string): Buffer {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.length < BODY_AT) throw new CodecError(`Truncated payload: it has ${frame.length} bytes.`);
  if (frame.readUIntBE(0, 3) !== MAGIC) throw new CodecError('Not a Cachetastic payload.');
  const version = frame.readUInt8(VERSION_AT);
  if (version !== VERSION) throw new CodecError(`The payload has format version ${version}, expected ${VERSION}.`);
  const body = frame.subarray(BODY_AT);
  const length = frame.readUInt32BE(LENGTH_AT);
  if (body.length < length) throw new CodecError(`Truncated payload: ${body.length} of ${length} bytes.`);
  if (body.length > length) throw new CodecError(`Corrupt payload: ${body.length - length} unexpected bytes.`);
  if (frame.readUInt32BE(CHECKSUM_AT) !== checksumOf(body, key)) {
    throw new CodecError(
      `Corrupt payload: wrong checksum. It is damaged, or was written under another key than ${key}.`,
    );
  }
  return body;
}

/** The key comes first, so that bytes which were copied or mixed up are no entry of the other key. */
function checksumOf(body: Buffer, key: string): number {
  return crc32(body, crc32(key));
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value);
}

function isFootprint(value: unknown): value is Footprint {
  if (!isRecord(value)) return false;
  const { dependencies, tags } = value;
  return isArrayOf(dependencies, isDependency) && isArrayOf(tags, isText);
}

function isDependency(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { model, where, keys } = value;
  return isText(model) && (where === undefined || isFacts(where)) && (keys === undefined || isArrayOf(keys, isFacts));
}

function isFacts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isText);
}

function isArrayOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
