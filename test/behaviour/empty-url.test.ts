import { InvalidOptionError } from '@cachetastic/core';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { resolveOptions as ofDrizzle } from '../../packages/drizzle/src/options/resolve-options.js';
import { resolveOptions as ofPrisma } from '../../packages/prisma-extension/src/options/resolve-options.js';

/** What an application gives when a variable of its environment is empty. */
const EMPTY = [
  {},
  { redis: undefined },
  { redis: '' },
  { redis: { url: '' } },
  { redis: { url: '', deadline: '1s' } },
] as const;

describe.each([
  ['Prisma', ofPrisma],
  ['Drizzle', ofDrizzle],
] as const)('an empty URL of Redis, with %s', (_, resolve) => {
  it.each(EMPTY)('%j counts as not set', (given) => {
    expect(resolve(given, {}).shared).toBeUndefined();
    expect(resolve(given, { CACHETASTIC_REDIS_URL: '' }).shared).toBeUndefined();
    expect(resolve(given, { CACHETASTIC_REDIS_URL: 'redis://127.0.0.1' }).shared).toMatchObject({ name: 'redis' });
  });

  it.each(EMPTY)('%j leaves the variable, which is checked', (given) => {
    expect(() => resolve(given, { CACHETASTIC_REDIS_URL: 'nowhere' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', option: 'redis.url' }),
    );
  });

  it('does not hide an option that is wrong', () => {
    const resolved = (redis: object): unknown => Reflect.apply(resolve, undefined, [{ redis }, {}]);

    expect(() => resolved({ url: '', deadline: 'soon' })).toThrow(
      expect.objectContaining({ option: 'redis.deadline' }),
    );
    expect(() => resolved({ url: '', dedline: '1s' })).toThrow(expect.objectContaining({ option: 'redis.dedline' }));
  });

  it('beside a client leaves the client', () => {
    const client = new Redis({ lazyConnect: true });
    const given: object = { url: '', client };

    expect(Reflect.apply(resolve, undefined, [{ redis: given }, {}]).shared).toMatchObject({ name: 'redis' });
  });

  it.each([' ', 'localhost:6379', {}, null])('%j is refused, not ignored', (given) => {
    expect(() => Reflect.apply(resolve, undefined, [{ redis: given }, {}])).toThrow(InvalidOptionError);
  });
});
