import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../packages/core/src/errors.js';
import { resolveMemoryOptions } from '../../../packages/core/src/tier/memory-options.js';

describe('memory options', () => {
  it('have default values', () => {
    expect(resolveMemoryOptions(undefined)).toEqual({ maxEntries: 10_000, maxBytes: 64 * 1024 * 1024 });
    expect(resolveMemoryOptions({ maxEntries: undefined })).toEqual(resolveMemoryOptions({}));
  });

  it.each([
    ['64mb', 64 * 1024 ** 2],
    ['1.5kb', 1536],
    ['2gb', 2 * 1024 ** 3],
    [1_000, 1_000],
  ])('read %j as a size', (maxBytes, bytes) => {
    expect(resolveMemoryOptions({ maxBytes }).maxBytes).toBe(bytes);
  });

  it.each<[unknown, RegExp]>([
    [{ maxEntries: 0 }, /`memory\.maxEntries`: expected a whole number from 1 to 16777216, got 0/],
    [{ maxEntries: 1.5 }, /`memory\.maxEntries`/],
    [{ maxEntries: '10' }, /`memory\.maxEntries`/],
    [{ maxEntries: Number.NaN }, /`memory\.maxEntries`/],
    [{ maxEntries: Infinity }, /`memory\.maxEntries`/],
    [{ maxBytes: 0 }, /`memory\.maxBytes`/],
    [{ maxBytes: -1 }, /`memory\.maxBytes`/],
    [{ maxBytes: Number.NaN }, /`memory\.maxBytes`/],
    [{ maxBytes: '64' }, /`memory\.maxBytes`/],
    [{ maxBytes: '64MB' }, /`memory\.maxBytes`.*got "64MB"/],
    [{ maxBytes: '0mb' }, /`memory\.maxBytes`/],
    [{ maxBytes: null }, /`memory\.maxBytes`/],
    [{ maxSize: 1 }, /`memory\.maxSize`/],
    [true, /`memory`/],
    [null, /`memory`/],
    [[], /`memory`/],
  ])('refuse %j', (given, message) => {
    expect(() => resolveMemoryOptions(given)).toThrow(InvalidOptionError);
    expect(() => resolveMemoryOptions(given)).toThrow(message);
  });
});
