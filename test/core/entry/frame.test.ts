import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeValue } from '../../../packages/core/src/entry/codec.js';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import { decodeEntry, encodeEntry } from '../../../packages/core/src/entry/frame.js';
import { CodecError } from '../../../packages/core/src/errors.js';
import { Money, moneyType } from './answers.js';

const types = [moneyType];

const KEY = 'ct:shop:db:e:0123';

const entry: Entry = {
  value: [{ id: 1n, price: new Money('1.50'), at: new Date(7), raw: new Uint8Array([1]), json: { a: [null, -0] } }],
  footprint: {
    dependencies: [
      { model: 'public.User', where: { id: '1', __proto__x: 'y' }, keys: [{ id: '1' }, { id: '2' }] },
      { model: 'public.Post' },
    ],
    tags: ['team'],
  },
  stamp: { epoch: 'e1', seq: 42 },
  createdAt: 1_000.5,
  staleAt: 2_000.5,
  refreshUntil: 3_000,
  expiresAt: 4_000,
};

/** A whole frame around `parts`, as only a mistake of ours could write it. */
function frameOf(parts: unknown): Buffer {
  const body = encodeValue(parts, types);
  const head = Buffer.from(encodeEntry(entry, types, KEY).subarray(0, 12));
  head.writeUInt32BE(body.length, 4);
  head.writeUInt32BE(crc32(body, crc32(KEY)), 8);
  return Buffer.concat([head, body]);
}

describe('entry frame', () => {
  it('decodes to the entry that was encoded', () => {
    expect(decodeEntry(encodeEntry(entry, types, KEY), types, KEY)).toStrictEqual(entry);
  });

  it('keeps no reference to the bytes it was read from', () => {
    const bytes = encodeEntry(entry, types, KEY);
    const decoded = decodeEntry(bytes, types, KEY);

    bytes.fill(0);

    expect(decoded).toStrictEqual(entry);
  });

  it('detects every flipped bit', () => {
    const bytes = encodeEntry(entry, types, KEY);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));

      expect(() => decodeEntry(damaged, types, KEY), `bit ${bit}`).toThrow(CodecError);
    }
  });

  it('detects a cut at any place', () => {
    const bytes = encodeEntry(entry, types, KEY);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeEntry(bytes.subarray(0, length), types, KEY), `${length} bytes`).toThrow(/Truncated/);
    }
  });

  it('is corrupt under another key, and the error names that key', () => {
    const bytes = encodeEntry(entry, types, KEY);

    expect(() => decodeEntry(bytes, types, 'ct:shop:db:e:0124')).toThrow(/Corrupt.*another key than ct:shop:db:e:0124/);
  });

  it('has another version than frames whose checksum leaves out the key', () => {
    const older = Buffer.from(encodeEntry(entry, types, KEY));
    older[3] = 1;

    expect(() => decodeEntry(older, types, KEY)).toThrow(/format version 1/);
  });

  it('is refused if it is damaged, with a message that says what is wrong', () => {
    const bytes = encodeEntry(entry, types, KEY);
    const other = Buffer.from(bytes);
    other[3] = 99;
    const corrupt = Buffer.from(bytes);
    corrupt[bytes.length - 1] = (corrupt[bytes.length - 1] ?? 0) ^ 1;

    expect(() => decodeEntry(Buffer.from('{"json": "of another library"}'), types, KEY)).toThrow(
      /Not a Cachetastic payload/,
    );
    expect(() => decodeEntry(other, types, KEY)).toThrow(/format version 99/);
    expect(() => decodeEntry(corrupt, types, KEY)).toThrow(/checksum/);
    expect(() => decodeEntry(Buffer.concat([bytes, bytes]), types, KEY)).toThrow(/Corrupt.*unexpected/);
  });

  it.each<[string, unknown]>([
    ['no entry', 'text'],
    ['too few parts', ['e', 1, 1, 1, 1, 1, { dependencies: [], tags: [] }]],
    ['a position that is not a number', ['e', '1', 1, 1, 1, 1, { dependencies: [], tags: [] }, 1]],
    ['a time that is not a number', ['e', 1, 1, Number.NaN, 1, 1, { dependencies: [], tags: [] }, 1]],
    ['no footprint', ['e', 1, 1, 1, 1, 1, null, 1]],
    ['a dependency without a model', ['e', 1, 1, 1, 1, 1, { dependencies: [{ where: {} }], tags: [] }, 1]],
    [
      'facts that are not strings',
      ['e', 1, 1, 1, 1, 1, { dependencies: [{ model: 'm', where: { id: 1 } }], tags: [] }, 1],
    ],
    ['tags that are not strings', ['e', 1, 1, 1, 1, 1, { dependencies: [], tags: [1] }, 1]],
  ])('is refused if it is undamaged but has %s', (_, parts) => {
    expect(() => decodeEntry(frameOf(parts), types, KEY)).toThrow(/Malformed/);
  });
});
