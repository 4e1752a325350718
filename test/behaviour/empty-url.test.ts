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
  it.each(EMPTY)('is treated as not set: %j', (given) => {
    expect(resolve(given, {}).shared).toBeUndefined();
    expect(resolve(given, { CACHETASTIC_REDIS_URL: '' }).shared).toBeUndefined();
    expect(resolve(given, { CACHETASTIC_REDIS_URL: 'redis://127.0.0.1' }).shared).toMatchObject({ name: 'redis' });
  });

  it.each(EMPTY)('leaves the URL to the environment variable, which is validated: %j', (given) => {
    expect(() => resolve(given, { CACHETASTIC_REDIS_URL: 'nowhere' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', option: 'redis.url' }),
    );
  });

  it('does not hide an invalid option', () => {
    const resolved = (redis: object): unknown => Reflect.apply(resolve, undefined, [{ redis }, {}]);

    expect(() => resolved({ url: '', deadline: 'soon' })).toThrow(
      expect.objectContaining({ option: 'redis.deadline' }),
    );
    expect(() => resolved({ url: '', dedline: '1s' })).toThrow(expect.objectContaining({ option: 'redis.dedline' }));
  });

  it('is ignored if a client is set', () => {
    const client = new Redis({ lazyConnect: true });
    const given: object = { url: '', client };

    expect(Reflect.apply(resolve, undefined, [{ redis: given }, {}]).shared).toMatchObject({ name: 'redis' });
  });

  it.each([' ', 'localhost:6379', {}, null])('is not the same as %j, which is refused', (given) => {
    expect(() => Reflect.apply(resolve, undefined, [{ redis: given }, {}])).toThrow(InvalidOptionError);
  });
});
