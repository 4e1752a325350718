import type { ValueType } from '@cachetastic/core';

/** Bytes as `@libsql/client` returns them, and as an application may let other drivers parse them. */
export const ARRAY_BUFFER: ValueType = {
  tag: 'array-buffer',
  is: (value) => value instanceof ArrayBuffer,
  toKey: (value) => textOf(value),
  toText: (value) => textOf(value),
  fromText: (text) => {
    // Copied: Node's buffer may be a part of a larger one.
    const bytes = Buffer.from(text, 'base64');
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  },
  copy: (value) => (value as ArrayBuffer).slice(0),
};

function textOf(value: object): string {
  return Buffer.from(value as ArrayBuffer).toString('base64');
}
